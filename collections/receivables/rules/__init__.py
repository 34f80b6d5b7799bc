"""The exact arithmetic of receivables: ageing, allocation, interest, figures. Pure: values in, values out."""

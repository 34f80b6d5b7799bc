"""What customers owe: facts, ageing, figures, risk (handbook chapter 4)."""

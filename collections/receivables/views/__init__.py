"""The pages of the receivables."""

"""Pure rules of contact with customers."""

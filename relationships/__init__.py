"""People at the account and our ties to them (handbook chapter 2)."""

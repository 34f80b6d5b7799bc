"""What every API shares: signing in by token, errors, pages."""

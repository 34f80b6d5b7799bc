"""Django looks for our commands here."""

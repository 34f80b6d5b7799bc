"""Key-account profiles (handbook chapter 1)."""

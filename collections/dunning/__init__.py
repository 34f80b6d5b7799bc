"""Collecting: whom to call now, calls, promises, the ladder (handbook chapter 4)."""

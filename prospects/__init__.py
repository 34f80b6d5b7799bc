"""The E D C B A S pipeline (handbook chapter 3)."""

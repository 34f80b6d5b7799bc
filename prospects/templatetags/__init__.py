"""Template words of the board."""

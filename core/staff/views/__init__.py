"""Pages about users and teams, and everyone's own."""

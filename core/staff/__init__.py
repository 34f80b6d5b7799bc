"""Who works here: users, the team tree, and everyone's own profile, keys and sessions."""

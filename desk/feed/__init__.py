"""A person's calendar for his calendar program: visits, and the days on which something is due."""

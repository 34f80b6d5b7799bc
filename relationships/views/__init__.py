"""The pages of people at accounts."""

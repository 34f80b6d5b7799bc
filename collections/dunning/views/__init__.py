"""The pages of collecting."""

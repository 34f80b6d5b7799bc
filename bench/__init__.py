"""Repeatable measurements: `make bench` (design.md's budgets, ratios against floor views)."""

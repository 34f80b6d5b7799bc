"""The demo company: Hengyuan Automation, a maker of drives and inspection systems, as it would stand after half a year.

Everybody and every firm is invented. The same day always gives the same company; all days are relative to today.
"""

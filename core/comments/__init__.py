"""Comments on records, @ for a colleague, and following: what one learns the others know (V3).

One component for every kind of record that `core.records` names: `{% comments record %}` puts it on a page.
"""

"""Photos and files of records: taken in, looked at, drawn anew, kept under random names, given out only to who may see the record.

One component for every kind of record that `core.records` names: `{% files visit %}` puts it on a page.
"""

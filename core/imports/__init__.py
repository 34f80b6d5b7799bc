"""Import: any table a person has, brought into the records of an app.

An app declares one `ImportSpec` per target in its `imports.py`; reading, judging columns, checking, matching, writing,
refusing and reporting are done here once, for pages, command and API alike.

The way of a file:  charsets -> dialects -> texts / workbooks -> headings -> reading -> columns -> pipeline.
"""

"""Import: any table a person has, brought into the records of an app.

An app declares one `ImportSpec` per target in its `imports.py`; reading, judging columns, checking, matching, writing,
refusing and reporting are done here once, for pages, command and API alike.

The way of a file:  charsets -> dialects -> texts / workbooks -> headings -> reading -> columns -> engine.

**Writing a spec.** The smallest useful one, for facts that no import may change afterwards:

    register(ImportSpec(
        target="invoices", label=_("Invoices"), help=_("…"), icon="file-invoice", list_url="receivables:list_invoices",
        model=Invoice, add_verb="invoices.add", edit_verb="invoices.edit", append_only=True, audit_rows=False,
        keys=(Key("number", _("Number"), ("number",), exact=True),),
        account_column="t.account_id", defaults=defaults, finish=finish,
        fields=(
            Field("number", _("Number"), column="number", required=True, max_length=60, synonyms=("invoice no", "发票号")),
            Field("account", _("Account"), kind="reference", to="accounts", column="account_id", required=True,
                  missing="refuse", may_create=True, synonyms=("customer", "客户")),
            Field("issued_on", _("Issued"), kind="date", column="issued_on", required=True),
            Field("amount", _("Amount"), kind="decimal", column="amount", required=True),
            Field("currency", _("Currency"), kind="choice", column="currency", choices=lambda: CURRENCY_CHOICES),
        ),
    ))

- A `text` keeps every character it has (leading zeros too); only control characters and blanks around and in rows go.
- A reference is looked up by the `reference_columns` of its target's spec, best first (accounts: code, name, short name).
- In SQL of hooks the staged row is `s`: `s.f_<field>` is the value in the field's staging type, `s.<field>_id` the id of a
  reference, `s.id` the record, `s.action` one of create, update, same, skip, repeated, refused; the target's table is `t`.
- `defaults(run)` gives column -> SQL for what the file leaves empty in new records; `finish(run)` writes what stands beside
  them (`insert_rows`) and keeps totals. Every statement is for all rows: no hook loops over rows.
- A model with a search needs `search_names`; one without stays at plain INSERT … SELECT, 1,000,000 rows at a time.
"""

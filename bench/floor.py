"""Floor views: the same rows as a page, by raw SQL, through the leanest template that shows them.

They have the page's cost of session and user, and nothing of its frame. What a page costs is judged against them.
"""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template

ROWS = Template(
    "<table>{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}</table>"
)

ACCOUNTS = (
    "select a.id, a.name, a.short_name, a.tier, a.development_stage, u.full_name, a.last_contact_on, a.next_step_on,"
    " a.open_prospects from accounts_account a join core_user u on u.id = a.owner_id"
)
PROSPECTS = (
    "select p.id, p.name, a.name, u.full_name, p.stage, p.amount, p.currency, p.next_step, p.next_step_on, p.entered_stage_on"
    " from prospects_prospect p left join accounts_account a on a.id = p.account_id join core_user u on u.id = p.owner_id"
)
OPEN = "p.closed_on is null"
CARDS = " union all ".join(
    f"({PROSPECTS} where {OPEN} and p.stage = {stage} order by p.next_step_on, p.id limit 50)"
    for stage in (0, 10, 25, 50, 90)
)

INVOICES = (
    "select i.id, i.number, a.name, i.currency, i.amount, i.open_amount, i.issued_on, i.due_on, i.grade, i.papers"
    " from receivables_invoice i join accounts_account a on a.id = i.account_id"
)
PAYMENTS = (
    "select p.id, a.name, p.currency, p.amount, p.unallocated, p.received_on, p.reference, p.method"
    " from receivables_payment p left join accounts_account a on a.id = p.account_id"
)


def _aged(days: int) -> str:
    """Open amounts of a past day by customer and bucket, the fifty largest: the leanest way to the same rows."""
    on = f"(current_date - {days})"
    sums = ", ".join(
        f"coalesce(sum(amount) filter (where {on} - due_on between {first} and {last}), 0)"
        for first, last in ((-99999, 0), (1, 30), (31, 60), (61, 90), (91, 180), (181, 365), (366, 99999))
    )
    return (
        f"select (select name from accounts_account where id = account_id), currency, {sums}, sum(amount) from ("
        " select account_id, currency, due_on, open_amount as amount from receivables_invoice"
        f" where open_amount > 0 and issued_on <= {on}"
        " union all select account_id, currency, due_on, amount from receivables_allocation"
        f" where \"on\" > {on} and part = 'principal' and issued_on <= {on}"
        ") p group by account_id, currency order by currency, sum(amount) desc limit 50"
    )


FLOORS: dict[str, list[str]] = {
    "accounts": [f"{ACCOUNTS} order by a.sort_name, a.id limit 50"],
    "contacts": [
        "select c.id, c.full_name, p.title, a.name, u.full_name from relationships_contact c"
        " left join lateral (select title, account_id from relationships_position where contact_id = c.id limit 1) p on true"
        " left join accounts_account a on a.id = p.account_id join core_user u on u.id = c.owner_id"
        " order by c.sort_name, c.id limit 50"
    ],
    "prospects": [f"{PROSPECTS} order by p.updated_at desc, p.id desc limit 50"],
    "visits": [
        "select v.id, v.kind, v.at, v.purpose, v.outcome, v.next_step, v.next_step_on, v.recorded_at, a.name, u.full_name"
        " from relationships_visit v join accounts_account a on a.id = v.account_id join core_user u on u.id = v.owner_id"
        " order by v.at desc, v.id desc limit 50"
    ],
    "search": [
        "select id, name from accounts_account where search_grams @> array['华为']::varchar[] limit 10",
        "select id, full_name from relationships_contact where search_grams @> array['华为']::varchar[] limit 10",
        "select id, name from prospects_prospect where search_grams @> array['华为']::varchar[] limit 10",
    ],
    "account": [
        "select * from accounts_account where id = 200",
        "select u.full_name, m.role from accounts_accountmember m join core_user u on u.id = m.user_id where m.account_id = 200",
        "select c.full_name, p.title from relationships_position p join relationships_contact c on c.id = p.contact_id"
        " where p.account_id = 200 limit 25",
        f"{PROSPECTS} where p.account_id = 200 order by p.updated_at desc, p.id desc limit 25",
        "select at, code, details from core_auditevent where account_id = 200 order by id desc limit 25",
    ],
    "board": [
        CARDS,
        f"select p.stage, p.currency, count(*), sum(p.amount) from prospects_prospect p where {OPEN} group by 1, 2",
    ],
    "dashboard": [
        f"select p.stage, p.currency, count(*), sum(p.amount) from prospects_prospect p where {OPEN} group by 1, 2",
        f"select date_trunc('month', p.expected_close_on), p.stage, p.currency, sum(p.amount) from prospects_prospect p where {OPEN}"
        " group by 1, 2, 3",
        "select outcome, count(*), sum(amount) from prospects_prospect where closed_on > current_date - 31 group by 1",
        f"select p.owner_id, count(*), count(*) filter (where p.last_reviewed_at > now() - interval '7 days')"
        f" from prospects_prospect p where {OPEN} group by 1",
    ],
    "ageing": [_aged(0)],
    "ageing-month": [_aged(30)],
    "ageing-year": [_aged(365)],
    "invoices": [f"{INVOICES} order by i.issued_on desc, i.id desc limit 50"],
    "invoice": [
        f"{INVOICES} where i.id = 500001",
        'select a."on", a.amount, p.reference from receivables_allocation a join receivables_payment p on p.id = a.payment_id'
        " where a.invoice_id = 500001",
        "select * from receivables_gradechange where invoice_id = 500001 order by id desc limit 25",
        "select at, code, details from core_auditevent where target_type = 'receivables.invoice' and target_id = 500001"
        " order by id desc limit 25",
    ],
    "payments": [f"{PAYMENTS} order by p.received_on desc, p.id desc limit 50"],
    "money": [
        f"{INVOICES} where i.account_id = 200 and i.open_amount > 0 order by i.due_on, i.id limit 25",
        "select currency, count(*), sum(open_amount) from receivables_invoice where account_id = 200 and open_amount > 0 group by 1",
        f"{PAYMENTS} where p.account_id = 200 order by p.received_on desc, p.id desc limit 25",
        "select * from dunning_promise where account_id = 200 order by id desc limit 10",
        "select * from dunning_collectioncall where account_id = 200 order by called_at desc limit 10",
    ],
    "queue": [
        "select c.id, a.name, c.currency, c.overdue_amount, c.callable_amount, c.oldest_due_on, c.invoices, c.grade, c.value"
        " from dunning_case c join accounts_account a on a.id = c.account_id where c.overdue_amount > 0"
        " order by c.value desc, c.id desc limit 50"
    ],
    "receivables": [
        _aged(0),
        "select currency, grade, count(*), sum(open_amount) from receivables_invoice where open_amount > 0 group by 1, 2",
        "select date_trunc('month', issued_on), sum(amount) from receivables_invoice where issued_on > current_date - 91"
        " and currency = 'CNY' group by 1",
        "select date_trunc('week', due_on), sum(open_amount) from receivables_invoice where open_amount > 0"
        " and currency = 'CNY' group by 1",
        'select sum(amount), sum(amount * greatest(0, "on" - due_on)) from receivables_allocation'
        " where \"on\" > current_date - 91 and currency = 'CNY'",
        'select "on", sum(open_amount), sum(overdue_amount) from receivables_receivablesnapshot'
        " where \"on\" > current_date - 91 and currency = 'CNY' group by 1 order by 1",
    ],
    "home": [
        f"{PROSPECTS} where {OPEN} and p.owner_id = (select min(owner_id) from prospects_prospect) order by p.next_step_on limit 50"
    ],
}


def floor(_request: HttpRequest, name: str) -> HttpResponse:
    """One floor view."""
    html = []
    with connection.cursor() as cursor:
        for statement in FLOORS[name]:
            cursor.execute(statement)
            html.append(ROWS.render(Context({"rows": cursor.fetchall()})))
    return HttpResponse("".join(html))

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

FLOORS: dict[str, list[str]] = {
    "accounts": [f"{ACCOUNTS} order by a.sort_name, a.id limit 50"],
    "contacts": [
        "select c.id, c.full_name, p.title, a.name, u.full_name from relationships_contact c"
        " left join lateral (select title, account_id from relationships_position where contact_id = c.id limit 1) p on true"
        " left join accounts_account a on a.id = p.account_id join core_user u on u.id = c.owner_id"
        " order by c.sort_name, c.id limit 50"
    ],
    "prospects": [f"{PROSPECTS} order by p.updated_at desc, p.id desc limit 50"],
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

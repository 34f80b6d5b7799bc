"""A million contacts with customers for `bench.volume`: three years of visits and calls, some called off, a month of plans.

Three key accounts have 5,000 visits each. The newest recorded visit of an account may have a next step nobody has taken yet;
one in four has one of the account's people beside the owner.
"""

from __future__ import annotations

from typing import Any

from bench.loading import bare, insert, run

VISITS = 1_000_000
KEY_ACCOUNTS, KEY_VISITS = (200, 400, 600), 5_000
KINDS = ["visit", "visit", "visit", "call", "call", "chat", "remote", "technical", "demo", "meal"]
MEETINGS = ("visit", "remote", "technical", "demo", "meal")

DRAWN = """
with drawn as (
    select pk, coalesce((%(keys)s)[(pk - 1) / %(each)s + 1], 1 + floor(dice(pk, 21) * %(accounts)s)::int) as account,
        (%(kinds)s)[1 + floor(dice(pk, 22) * 10)::int] as kind, dice(pk, 23) as fate,
        floor(dice(pk, 24) * 1095)::int + 1 as back, 9 + floor(dice(pk, 25) * 9) as hour, dice(pk, 26) as lag
    from generate_series(1, %(visits)s) pk
), dated as (
    select pk, account, kind, fate < 0.02 as is_planned, fate between 0.02 and 0.03 as is_cancelled,
        (%(today)s::date + case when fate < 0.02 then back / 36 + 1 else -back end)::timestamp at time zone 'UTC'
            + hour * interval '1 hour' as at, lag
    from drawn
)
select *, case when not is_planned and not is_cancelled then least(at + lag * interval '2 days', now()) end as recorded_at,
    row_number() over (partition by account, is_planned or is_cancelled order by at desc, pk desc) = 1 as is_last,
    row_number() over (partition by account, is_planned or is_cancelled, kind = any(%(meetings)s) order by at, pk) = 1 as is_first
from dated
"""


def draw_visits(*, accounts: int, today: Any) -> dict[int, Any]:
    """Think up all visits. Returns the day of the last contact with each account."""
    run(
        f"create temp table bench_visit as {DRAWN}", keys=list(KEY_ACCOUNTS), each=KEY_VISITS, accounts=accounts, kinds=KINDS,
        visits=VISITS, today=today, meetings=list(MEETINGS),
    )  # fmt: skip
    run("analyze bench_visit")
    return dict(run("select account, max(at)::date from bench_visit where recorded_at is not null group by 1"))


def write_visits(*, accounts: int, contacts: int) -> int:
    """Write them down, once accounts and contacts are there; returns how many."""
    recorded = "v.recorded_at is not null"
    meetings = ", ".join(f"'{kind}'" for kind in MEETINGS)
    with bare("relationships_visit", "relationships_visitattendee"):
        insert(
            "relationships_visit",
            {
                "id": "v.pk", "version": "1", "created_at": "v.at", "updated_at": "coalesce(v.recorded_at, now())",
                "account_id": "v.account", "owner_id": "a.owner_id", "created_by_id": "a.owner_id", "kind": "v.kind",
                "at": "v.at", "minutes": "60", "purpose": "'年度采购计划'",
                "outcome": f"case when {recorded} then '客户要新报价，下周答复' else '' end",
                "next_step": f"case when {recorded} then '发报价' else '' end",
                "next_step_on": f"case when {recorded} then v.at::date + 14 end",
                "next_step_settled_at":
                    f"case when {recorded} and not (v.is_last and dice(v.pk, 27) < 0.4) then v.recorded_at + interval '1 hour' end",
                "meeting":
                    f"case when {recorded} and v.kind in ({meetings}) then case when v.is_first then 'first' else 'follow_up' end"
                    " else '' end",
                "planned_at": "v.at", "recorded_at": "v.recorded_at",
                "cancelled_at": "case when v.is_cancelled then v.at end",
                "cancelled_because": "case when v.is_cancelled then '客户改期' else '' end",
            },
            "bench_visit v join accounts_account a on a.id = v.account",
        )  # fmt: skip
        insert(
            "relationships_visitattendee",
            {"visit_id": "pk", "contact_id": "account + %(accounts)s * floor(dice(pk, 28) * (%(contacts)s / %(accounts)s))::int"},
            "bench_visit where dice(pk, 29) < 0.25", accounts=accounts, contacts=contacts,
        )  # fmt: skip
    (row,) = run("select count(*) from bench_visit")
    run("drop table bench_visit")
    return int(row[0])

"""The large data set, the same rows every time: 100,000 accounts, 300,000 contacts, 100,000 prospects, 1,000,000 visits.

Names with their search columns are written by COPY, everything else follows from them in SQL, into bare tables
(`bench.loading`). Two hundred reps in twenty teams under one company; the first rep holds some ordinary accounts and key
accounts with hundreds of prospects.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product
from typing import Any

from django.utils import timezone

from accounts.choices import Kind, MemberRole, Ownership, Tier
from bench import visits
from bench.loading import bare, copy_rows, insert, run
from core.models import Role, Team, User
from core.search import search_columns
from core.teams import add_team
from prospects.choices import OPEN_STAGES, ChangeKind, LossReason, Outcome, Stage

ACCOUNTS, CONTACTS, PROSPECTS = 100_000, 300_000, 100_000
TEAMS, REPS = 20, 200
KEY_ACCOUNTS = 3
KEY_ACCOUNT_PROSPECTS = 500
SEED = 20260302

PLACES = "北京 上海 深圳 广州 杭州 南京 苏州 成都 重庆 武汉 西安 青岛 大连 厦门 宁波 长沙 郑州 济南 合肥 福州".split()
ROOTS = "华 宏 中 联 鼎 瑞 新 东 海 金 恒 天 信 德 科 创 远 泰 盛 凯 嘉 博 安 润 隆 星 正 佳 永 百".split()
TAILS = "为 达 通 源 丰 业 利 邦 兴 图 拓 腾 力 诚 华 美 和 康 捷 宇".split()
TRADES = "科技 机械 电子 建材 化工 制药 物流 能源 汽车 食品".split()
FORMS = ["有限公司", "股份有限公司", "集团"]
FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰建国志强"


def build() -> dict[str, int]:
    """Fill an empty, migrated database. Returns the number of rows of each kind."""
    dice = random.Random(SEED)
    users = people()
    prospects = list(_prospect_rows(dice, users))
    plans, met = _plans(prospects), visits.draw_visits(accounts=ACCOUNTS, today=timezone.localdate())
    now = timezone.now().isoformat()
    with bare("accounts_account", "accounts_accountmember"):
        accounts = (
            {**row, **plans[row["id"]], "last_contact_on": met.get(row["id"])} for row in account_rows(dice, users)
        )
        copy_rows("accounts_account", accounts, created_at=now, updated_at=now)
        member = {"account_id": "id", "user_id": "owner_id", "role": f"'{MemberRole.OWNER}'"}
        insert("accounts_accountmember", member, "accounts_account")
    with bare("relationships_contact", "relationships_position"):
        _contacts()
    with bare("prospects_prospect", "prospects_stagechange", "prospects_closing"):
        copy_rows("prospects_prospect", prospects, created_at=now, updated_at=now)
        _histories()
    written = visits.write_visits(accounts=ACCOUNTS, contacts=CONTACTS)
    return {"accounts": ACCOUNTS, "contacts": CONTACTS, "prospects": PROSPECTS, "visits": written}


def people() -> list[User]:
    """The company with its teams; returns the reps."""
    company = add_team(name="Bench company")
    teams = [add_team(name=f"Team {n:02}", parent=company) for n in range(TEAMS)]

    def person(email: str, role: Role, team: Team) -> User:
        return User(email=f"{email}@bench.example", full_name=email, role=role, team=team, language="en")

    leads = [person(f"manager{n}", Role.MANAGER, team) for n, team in enumerate(teams)]
    staff = [person(role.value, role, company) for role in (Role.FINANCE, Role.EXECUTIVE, Role.ADMINISTRATOR)]
    User.objects.bulk_create([*leads, *staff, person("director", Role.MANAGER, company)])
    return User.objects.bulk_create([person(f"rep{n}", Role.REP, teams[n % TEAMS]) for n in range(REPS)])


def account_rows(dice: random.Random, users: list[User], count: int = 0) -> Iterator[dict[str, Any]]:
    """So many accounts (all of them), each named and owned."""
    for pk in range(1, (count or ACCOUNTS) + 1):
        owner = users[pk % REPS]
        place = dice.choice(PLACES)
        short = dice.choice(ROOTS) + dice.choice(TAILS) + (dice.choice(ROOTS) if pk % 3 else "")
        trade = dice.choice(TRADES)
        name = f"{place}{short}{trade}{dice.choice(FORMS)}"
        yield {
            "id": pk, "name": name, "short_name": short, "english_name": "", "code": f"K{pk:06}", "credit_code": "",
            "ownership": dice.choice(Ownership.values), "kind": dice.choice(Kind.values), "industry": trade, "region": place,
            "city": place, "address": "", "website": "", "size": "", "employees": dice.randint(10, 9000),
            "revenue_currency": "", "owner_id": owner.pk, "team_id": owner.team_id, "tier": dice.choice(Tier.values),
            "development_stage": dice.randint(1, 8), "tags": "{}", "description": "", "payment_method": "",
            "paying_days": "{}", "payment_procedure": "", "bank_name": "", "bank_account": "", "credit_standing": "",
            "version": 1, **searchable(name, short, f"K{pk:06}"),
        }  # fmt: skip


def _plans(prospects: list[dict[str, Any]]) -> dict[int, dict[str, Any]]:
    """What the actions keep on an account: how many prospects are open, and the nearest next step."""
    plans: dict[int, dict[str, Any]] = defaultdict(lambda: {"open_prospects": 0, "next_step_on": None})
    for row in prospects:
        if row["closed_on"] is None:
            plan = plans[row["account_id"]]
            plan["open_prospects"] += 1
            plan["next_step_on"] = min(plan["next_step_on"] or date.max, row["next_step_on"])
    return plans


def _contacts() -> None:
    """Three people an account, each in one position; their names come from a list of twenty thousand."""
    names = ["".join(parts) for parts in product(FAMILY, GIVEN, ["", *GIVEN])]
    run(
        "create temp table bench_name (number int, full_name text, sort_name text, search_grams text[], search_pinyin text,"
        " search_initials text, search_text text)"
    )
    copy_rows(
        "bench_name",
        ({"number": n, "full_name": name, **searchable(name, person=True)} for n, name in enumerate(names)),
    )
    run("analyze bench_name")
    empty = dict.fromkeys(("english_name", "salutation", "code", "preferred_language", "notes"), "''")
    ours = ("full_name", "sort_name", "search_grams", "search_pinyin", "search_initials", "search_text")
    made = {"version": "1", "created_at": "now()", "updated_at": "now()"}
    insert(
        "relationships_contact",
        {"id": "pk", "owner_id": "a.owner_id", "tags": "'{}'", **empty, **{name: f"n.{name}" for name in ours}, **made},
        "generate_series(1, %(contacts)s) pk join bench_name n on n.number = floor(dice(pk, 1) * %(names)s)"
        " join accounts_account a on a.id = (pk - 1) %% %(accounts)s + 1",
        contacts=CONTACTS, names=len(names), accounts=ACCOUNTS,
    )  # fmt: skip
    insert(
        "relationships_position",
        {
            "contact_id": "pk", "account_id": "(pk - 1) %% %(accounts)s + 1", "department": "''", "roles": "'{}'", **made,
            "title": "(array['总经理', '采购经理', '财务经理', '工程师', '主任'])[1 + floor(dice(pk, 2) * 5)::int]",
        },
        "generate_series(1, %(contacts)s) pk", contacts=CONTACTS, accounts=ACCOUNTS,
    )  # fmt: skip


def _prospect_rows(dice: random.Random, users: list[User]) -> Iterator[dict[str, Any]]:
    today = timezone.localdate()
    for pk in range(1, PROSPECTS + 1):
        key = pk <= KEY_ACCOUNTS * KEY_ACCOUNT_PROSPECTS
        account = (pk - 1) // KEY_ACCOUNT_PROSPECTS * REPS + REPS if key else dice.randint(1, ACCOUNTS)
        owner = users[account % REPS]
        opened = today - timedelta(days=dice.randint(1, 700))
        is_open = dice.random() < 0.4
        outcome = "" if is_open else dice.choice(Outcome.values)
        stage = dice.choice(OPEN_STAGES) if outcome != Outcome.WON else Stage.S
        name = f"{dice.choice(TRADES)}采购项目{pk}"
        yield {
            "id": pk, "name": name, "code": f"P{pk:06}", "account_id": account, "owner_id": owner.pk, "team_id": owner.team_id,
            "product": "", "source": "", "stage": int(stage),
            "entered_stage_on": opened + timedelta(days=dice.randint(0, (today - opened).days)),
            "amount": f"{dice.randint(5, 900) * 1000}.00", "currency": "CNY" if pk % 10 else "USD", "opened_on": opened,
            "expected_close_on": today + timedelta(days=dice.randint(-20, 240)) if is_open else None,
            "next_step": "拜访" if dice.random() < 0.9 else "",
            "next_step_on": today + timedelta(days=dice.randint(-5, 30)) if is_open else None,
            "notes": "", "slip_reason": "", "outcome": outcome,
            "closed_on": None if is_open else min(today, opened + timedelta(days=dice.randint(10, 120))), "version": 1, "overrides": 0,
            **searchable(name, f"P{pk:06}"),
        }  # fmt: skip


def _histories() -> None:
    """How each prospect came into its class, and how the closed ones ended."""
    insert(
        "prospects_stagechange",
        {"prospect_id": "id", "to_stage": "stage", "kind": f"'{ChangeKind.IMPORTED}'", "reason": "''", "missing": "'[]'",
         "on": "entered_stage_on", "at": "now()", "by_id": "owner_id"},
        "prospects_prospect",
    )  # fmt: skip
    reasons = ", ".join(f"'{reason}'" for reason in LossReason.values)
    reason = f"(array[{reasons}])[1 + floor(dice(id, 3) * {len(LossReason.values)})::int]"
    insert(
        "prospects_closing",
        {"prospect_id": "id", "outcome": "outcome", "on": "closed_on", "competitor": "''", "note": "''", "at": "now()",
         "by_id": "owner_id", "reopened_because": "''",
         "reason": f"case outcome when '{Outcome.LOST}' then {reason} else '' end"},
        "prospects_prospect where closed_on is not null",
    )  # fmt: skip


def searchable(*names: str, person: bool = False) -> dict[str, Any]:
    """The search columns, as COPY reads them."""
    columns = search_columns(*names, person=person)
    grams = ",".join(f'"{gram}"' for gram in columns["search_grams"])
    return {**columns, "search_grams": "{" + grams + "}"}

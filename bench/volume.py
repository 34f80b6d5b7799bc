"""The large data set, the same rows every time: 100,000 accounts, 300,000 contacts, 100,000 prospects.

Written by COPY from generated names (search columns included), so that building it takes a minute or two. Two hundred reps
in twenty teams under one company; the first rep holds some ordinary accounts and key accounts with hundreds of prospects.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from io import StringIO
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.choices import Kind, MemberRole, Ownership, Tier
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
    users = _people()
    accounts = list(_account_rows(dice, users))
    now = timezone.now().isoformat()
    copy_rows("accounts_account", accounts, created_at=now, updated_at=now)
    copy_rows(
        "accounts_accountmember",
        ({"account_id": a["id"], "user_id": a["owner_id"], "role": MemberRole.OWNER} for a in accounts),
    )
    owner_of = [a["owner_id"] for a in accounts]
    copy_rows("relationships_contact", _contact_rows(dice, owner_of), created_at=now, updated_at=now)
    copy_rows("relationships_position", _position_rows(dice), created_at=now, updated_at=now)
    team_of = {user.pk: user.team_id for user in users}
    prospects = list(_prospect_rows(dice, owner_of, team_of))
    copy_rows("prospects_prospect", prospects, created_at=now, updated_at=now)
    copy_rows("prospects_stagechange", _stage_change_rows(prospects, now))
    copy_rows("prospects_closing", _closing_rows(dice, prospects, now))
    _settle()
    return {"accounts": ACCOUNTS, "contacts": CONTACTS, "prospects": PROSPECTS}


def _people() -> list[User]:
    company = add_team(name="Bench company")
    teams = [add_team(name=f"Team {n:02}", parent=company) for n in range(TEAMS)]

    def person(email: str, role: Role, team: Team) -> User:
        return User(email=f"{email}@bench.example", full_name=email, role=role, team=team, language="en")

    leads = [person(f"manager{n}", Role.MANAGER, team) for n, team in enumerate(teams)]
    staff = [person(role.value, role, company) for role in (Role.FINANCE, Role.EXECUTIVE, Role.ADMINISTRATOR)]
    User.objects.bulk_create([*leads, *staff, person("director", Role.MANAGER, company)])
    return User.objects.bulk_create([person(f"rep{n}", Role.REP, teams[n % TEAMS]) for n in range(REPS)])


def _account_rows(dice: random.Random, users: list[User], count: int = ACCOUNTS) -> Iterator[dict[str, Any]]:
    for pk in range(1, count + 1):
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
            "open_prospects": 0, "version": 1, **_search(name, short, f"K{pk:06}"),
        }  # fmt: skip


def _contact_rows(dice: random.Random, owner_of: list[int]) -> Iterator[dict[str, Any]]:
    for pk in range(1, CONTACTS + 1):
        name = dice.choice(FAMILY) + dice.choice(GIVEN) + (dice.choice(GIVEN) if pk % 4 else "")
        yield {
            "id": pk, "full_name": name, "english_name": "", "salutation": "", "code": "", "preferred_language": "",
            "owner_id": owner_of[(pk - 1) % ACCOUNTS], "tags": "{}", "notes": "", "version": 1, **_search(name),
        }  # fmt: skip


def _position_rows(dice: random.Random) -> Iterator[dict[str, Any]]:
    titles = ["总经理", "采购经理", "财务经理", "工程师", "主任"]
    for pk in range(1, CONTACTS + 1):
        yield {
            "contact_id": pk,
            "account_id": (pk - 1) % ACCOUNTS + 1,
            "title": dice.choice(titles),
            "department": "",
            "roles": "{}",
            "version": 1,
        }


def _prospect_rows(dice: random.Random, owner_of: list[int], team_of: dict[int, Any]) -> Iterator[dict[str, Any]]:
    today = timezone.localdate()
    for pk in range(1, PROSPECTS + 1):
        key = pk <= KEY_ACCOUNTS * KEY_ACCOUNT_PROSPECTS
        account = (pk - 1) // KEY_ACCOUNT_PROSPECTS * REPS + REPS if key else dice.randint(1, ACCOUNTS)
        owner = owner_of[account - 1]
        opened = today - timedelta(days=dice.randint(1, 700))
        is_open = dice.random() < 0.4
        outcome = "" if is_open else dice.choice(Outcome.values)
        stage = dice.choice(OPEN_STAGES) if outcome != Outcome.WON else Stage.S
        name = f"{dice.choice(TRADES)}采购项目{pk}"
        yield {
            "id": pk, "name": name, "code": f"P{pk:06}", "account_id": account, "owner_id": owner, "team_id": team_of[owner],
            "product": "", "source": "", "stage": int(stage),
            "entered_stage_on": opened + timedelta(days=dice.randint(0, (today - opened).days)),
            "amount": f"{dice.randint(5, 900) * 1000}.00", "currency": "CNY" if pk % 10 else "USD", "opened_on": opened,
            "expected_close_on": today + timedelta(days=dice.randint(-20, 240)) if is_open else None,
            "next_step": "拜访" if dice.random() < 0.9 else "",
            "next_step_on": today + timedelta(days=dice.randint(-5, 30)) if is_open else None,
            "notes": "", "slip_reason": "", "outcome": outcome,
            "closed_on": None if is_open else min(today, opened + timedelta(days=dice.randint(10, 120))), "version": 1, "overrides": 0,
            **_search(name, f"P{pk:06}"),
        }  # fmt: skip


def _stage_change_rows(prospects: list[dict[str, Any]], now: str) -> Iterator[dict[str, Any]]:
    for row in prospects:
        yield {
            "prospect_id": row["id"], "from_stage": None, "to_stage": row["stage"], "kind": ChangeKind.IMPORTED, "reason": "",
            "missing": "[]", "on": row["entered_stage_on"], "at": now, "by_id": row["owner_id"],
        }  # fmt: skip


def _closing_rows(dice: random.Random, prospects: list[dict[str, Any]], now: str) -> Iterator[dict[str, Any]]:
    for row in prospects:
        if row["closed_on"]:
            lost = row["outcome"] == Outcome.LOST
            yield {
                "prospect_id": row["id"], "outcome": row["outcome"], "on": row["closed_on"],
                "reason": dice.choice(LossReason.values) if lost else "", "competitor": "", "note": "", "at": now,
                "by_id": row["owner_id"], "reopened_because": "",
            }  # fmt: skip


def _search(*names: str) -> dict[str, Any]:
    columns = search_columns(*names)
    grams = ",".join(f'"{gram}"' for gram in columns["search_grams"])
    return {**columns, "search_grams": "{" + grams + "}"}


def copy_rows(table: str, rows: Iterable[dict[str, Any]], **same: Any) -> None:
    """COPY rows into a table, 20,000 at a time; `same` are columns with one value for all."""
    buffer, columns, held = StringIO(), [], 0
    for row in rows:
        columns = columns or [*row, *same]
        buffer.write("\t".join(_field(value) for value in (*row.values(), *same.values())) + "\n")
        held += 1
        if held == 20_000:
            _send(table, columns, buffer)
            buffer, held = StringIO(), 0
    if held:
        _send(table, columns, buffer)


def _send(table: str, columns: list[str], buffer: StringIO) -> None:
    buffer.seek(0)
    with connection.cursor() as cursor:
        names = ", ".join(f'"{column}"' for column in columns)
        cursor.copy_expert(f"copy {table} ({names}) from stdin", buffer)


def _field(value: Any) -> str:
    if value is None:
        return "\\N"
    return str(value.isoformat() if isinstance(value, date) else value).replace("\\", "\\\\").replace("\t", " ")


def _settle() -> None:
    """Set the totals the actions keep, move the id counters on, and let the planner know."""
    with connection.cursor() as cursor:
        cursor.execute(
            "update accounts_account a set open_prospects = p.n, next_step_on = p.next from (select account_id, count(*) n,"
            " min(next_step_on) next from prospects_prospect where closed_on is null group by 1) p where p.account_id = a.id"
        )
        for table in ("accounts_account", "relationships_contact", "prospects_prospect"):
            cursor.execute(f"select setval(pg_get_serial_sequence('{table}', 'id'), (select max(id) from {table}))")
        cursor.execute("truncate accounts_accountevent")
        cursor.execute("vacuum analyze")

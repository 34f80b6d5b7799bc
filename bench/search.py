"""Search among a million names: what is typed, how many milliseconds, which index.

    BENCH_DATABASE_NAME=keyline_search python -m bench.search [--names 1000000] [--explain 科技]

Fills an empty, migrated database of that name once (two minutes), then prints a table: median and worst of nine tries for
a person who sees everything, a manager of one team of twenty, and a rep with his share.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import time
from collections.abc import Iterator
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
os.environ.setdefault("BENCH_DATABASE_NAME", "keyline_search")

import django

TERMS = [
    "华为", "华为技术", "圳华为", "华", "有", "科技", "有限公司", "深圳华为技术有限公司", "不存在的名字", "hw", "h", "hwjs", "huawei",
    "huaweijishu", "youxiangongsi", "keji", "shenzhen", "micro", "microsoft 500", "global systems", "zq", "k0123", "k012345",
    "华为 深圳", "云a", "a.b",
]  # fmt: skip
ENGLISH = "Global Micro Delta Nova Apex Blue Prime Star Orion Vertex Alpha Pacific Northern Summit Cedar".split()
KINDS = "Systems Soft Logistics Foods Trading Motors Energy Networks Pharma Textiles".split()


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.search")
    parser.add_argument("--names", type=int, default=1_000_000)
    parser.add_argument("--explain", default="", help="print the plan for this term instead of the table")
    options = parser.parse_args()
    django.setup()

    from accounts.models import Account

    _ready_database()
    if not Account.objects.exists():
        _fill(options.names)
    print(f"{Account.objects.count():,} names")
    if options.explain:
        _explain(options.explain)
    else:
        _measure()


def _measure() -> None:
    from accounts.queries import visible_accounts
    from core import search
    from core.models import Role, User

    people = [
        User.objects.filter(role=role).order_by("-team_id").first() for role in (Role.EXECUTIVE, Role.MANAGER, Role.REP)
    ]
    print(
        f"{'term':<24}{'found':>7}"
        + "".join(f"{who:>18}" for who in ("everything", "a manager", "a rep"))
        + "   list of 50"
    )
    for term in TERMS:
        visible = [visible_accounts(person) for person in people]
        best = [_tries(9, search.best(rows, term, 8)) for rows in visible]
        page = _tries(5, search.ranked(visible[0], term).order_by("search_rank", "sort_name", "id")[:51])
        found = search.match(visible[0], term).count()
        wide = sum(ord(char) > 0x2E80 for char in term)
        cells = [f"{statistics.median(times):8.1f} /{max(times):7.1f}" for times in best]
        print(
            f"{term:<{24 - wide}}{found:>7}"
            + "".join(f"{cell:>18}" for cell in cells)
            + f"{statistics.median(page):11.1f}",
            flush=True,
        )


def _tries(count: int, rows: Any) -> list[float]:
    """Milliseconds of asking so often."""
    times = []
    for _ in range(count):
        start = time.perf_counter()
        list(rows.values("id", "name"))
        times.append((time.perf_counter() - start) * 1000)
    return times


def _explain(term: str) -> None:
    from accounts.models import Account
    from core import search

    print(search.best(Account.objects.all(), term, 8).values("id", "name").explain(analyze=True, buffers=True))


def _ready_database() -> None:
    import psycopg2
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    name = settings.DATABASES["default"]["NAME"]
    options = connection.get_connection_params() | {"dbname": "postgres"}
    admin = psycopg2.connect(
        **{key: value for key, value in options.items() if key not in {"context", "cursor_factory"}}
    )
    admin.autocommit = True
    with admin.cursor() as cursor:
        cursor.execute("select 1 from pg_database where datname = %s", [name])
        if not cursor.fetchone():
            cursor.execute(f'create database "{name}"')
    admin.close()
    call_command("migrate", verbosity=0)


def _fill(names: int) -> None:
    from bench import volume
    from bench.loading import bare, copy_rows, insert

    start = time.perf_counter()
    users = volume.people()
    with bare("accounts_account", "accounts_accountmember"):
        copy_rows("accounts_account", _rows(names, users), created_at="2026-01-01", updated_at="2026-01-01")
        member = {"account_id": "id", "user_id": "owner_id", "role": "'owner'"}
        insert("accounts_accountmember", member, "accounts_account")
    print(f"{names:,} names with their columns in {time.perf_counter() - start:.0f} s")


def _rows(count: int, users: list[Any]) -> Iterator[dict[str, Any]]:
    from bench import volume

    dice = random.Random(volume.SEED)
    for number, row in zip(range(1, count + 1), volume.account_rows(dice, users, count), strict=True):
        if number % 10 == 0:
            name = f"{dice.choice(ENGLISH)} {dice.choice(KINDS)} {number}"
        elif number % 20_000 == 7:
            name = f"{dice.choice(volume.PLACES)}华为技术有限公司{number}"
        else:
            name = str(row["name"])
        searched = volume.searchable(name, str(row["code"]))
        yield {**row, "name": name, "short_name": "", "open_prospects": 0, **searched}


if __name__ == "__main__":
    main()

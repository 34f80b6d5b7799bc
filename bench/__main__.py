"""`make bench`: build the large data set once, serve it, measure every page beside its floor view, write the table.

python -m bench [--rebuild] [--only accounts,board,ageing] [--seconds 4]
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"

import django
import psutil

if TYPE_CHECKING:
    from bench.pages import Page
    from bench.report import Row

ROOT = Path(__file__).resolve().parent.parent
PORT = int(os.environ.get("BENCH_PORT", "8190"))


def main() -> None:
    """The command line."""
    options = _options()
    django.setup()
    _ready_database(rebuild=options.rebuild)
    from bench.pages import PAGES
    from bench.report import write

    words = options.only.split(",")
    wanted = [page for page in PAGES if page.is_there and any(word in page.name for word in words)]
    server = _serve()
    try:
        rows = [_measure(page, options.seconds) for page in wanted]
        memory = _memory_mb(server.pid)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)
    write(rows, memory, ROOT / "docs" / "performance.md" if not options.only else None)
    if not options.only:
        from bench.imports import measure_all
        from bench.report import write_imports

        write_imports(measure_all(), ROOT / "docs" / "performance.md")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--rebuild", action="store_true", help="build the data set afresh")
    parser.add_argument("--only", default="", help="parts of names of pages, with commas; prints and writes nothing")
    parser.add_argument(
        "--seconds", type=float, default=4.0, help="how long each page is measured at each number of clients"
    )
    return parser.parse_args()


def _ready_database(*, rebuild: bool) -> None:
    """Create, migrate and fill the bench database, unless it is there already."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    from bench import ledger, volume

    name = settings.DATABASES["default"]["NAME"]
    with connection._nodb_cursor() as cursor:
        if rebuild:
            cursor.execute(f'drop database if exists "{name}" with (force)')
        cursor.execute("select 1 from pg_database where datname = %s", [name])
        if not cursor.fetchone():
            cursor.execute(f'create database "{name}"')
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("create extension if not exists pg_stat_statements")
        cursor.execute("select count(*) from accounts_account")
        filled = cursor.fetchone()[0] == volume.ACCOUNTS
        cursor.execute("select exists (select 1 from receivables_invoice)")
        has_ledger = cursor.fetchone()[0]
    if not filled:
        began = time.perf_counter()
        print("Building the large data set …", flush=True)
        print(f"{volume.build()} in {time.perf_counter() - began:.0f} s", flush=True)
    if not has_ledger:
        began = time.perf_counter()
        print("Building the large ledger …", flush=True)
        print(f"{ledger.build_ledger()} in {time.perf_counter() - began:.0f} s", flush=True)
        ledger.finish_ledger()


def _serve() -> subprocess.Popen[bytes]:
    """Two gunicorn workers with four threads each, as `make run` has them, settings of the collector included."""
    options = f"-c config/gunicorn.py -b 127.0.0.1:{PORT} -w 2 --threads 4 --log-level error".split()
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", *options]
    server = subprocess.Popen(command, cwd=ROOT)
    for _ in range(200):
        time.sleep(0.2)
        try:
            socket.create_connection(("127.0.0.1", PORT), timeout=1).close()
        except OSError:
            continue
        return server
    server.kill()
    raise SystemExit("The server did not start.")


def _measure(page: Page, seconds: float) -> Row:
    from bench.load import cookies_of, run
    from bench.report import Row

    cookies = cookies_of(page.user)
    paths = page.paths()
    for path in paths[:5] * 2:
        run(PORT, [path], cookies=cookies, clients=1, seconds=5, at_most=2)
    statements = _statements(lambda: run(PORT, paths[:1], cookies=cookies, clients=1, seconds=20, at_most=4)) / 4
    one = run(PORT, paths, cookies=cookies, clients=1, seconds=seconds)
    floor = run(PORT, [f"/floor/{page.floor}/"], cookies=cookies, clients=1, seconds=seconds) if page.floor else None
    eight = run(PORT, paths, cookies=cookies, clients=8, seconds=seconds, at_most=2000)
    row = Row(page, one, eight, floor, round(statements))
    print(row.line(), flush=True)
    return row


def _statements(act: Callable[[], object]) -> float:
    from django.db import connection

    query = (
        "select coalesce(sum(calls), 0) from pg_stat_statements s join pg_database d on d.oid = s.dbid"
        " where d.datname = current_database() and toplevel and query not ilike '%%pg_stat_statements%%'"
        " and query !~* '^(begin|commit|set|select \\$1$)'"
    )

    def total() -> int:
        with connection.cursor() as cursor:
            cursor.execute(query)
            return int(cursor.fetchone()[0])

    before = total()
    act()
    return total() - before


def _memory_mb(pid: int) -> float:
    """The largest worker's resident memory, MB."""
    return max(child.memory_info().rss for child in psutil.Process(pid).children()) / 1e6


if __name__ == "__main__":
    main()

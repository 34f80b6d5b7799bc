"""`make bench`: build the large data set once, serve it, measure every page beside its floor view, write the table.

python -m bench [--rebuild] [--only accounts,board,ageing] [--seconds 2]
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"

import django
import psutil

if TYPE_CHECKING:
    from bench.load import Result
    from bench.pages import Page
    from bench.report import Row

ROOT = Path(__file__).resolve().parent.parent
MAKERS = ("loading.py", "volume.py", "visits.py", "ledger.py")
PORT = int(os.environ.get("BENCH_PORT", "8190"))


def main() -> None:
    """The command line."""
    options = _options()
    django.setup()
    jobs = _ready_database(rebuild=options.rebuild)
    from bench import ladder, report
    from bench.pages import PAGES

    words = options.only.split(",")
    wanted = [page for page in PAGES if any(word in page.name for word in words)]
    floors: list[float] = []
    server = _serve()
    try:
        rows = [_measure(page, options.seconds, floors) for page in wanted]
        memory = _memory_mb(server.pid)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)
    if any(word in "ladder" for word in words):
        jobs = [*jobs, *ladder.measure()]
    pace = report.pace_of(floors)
    sections = [report.pages_section(rows, floors, memory, _volume()), report.jobs_section(jobs, pace)]
    if options.only:
        print("\n".join(sections))
        return
    report.write(*sections)
    from bench.imports import measure_all

    report.write(report.imports_section(measure_all(), pace))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--rebuild", action="store_true", help="build the data set afresh")
    parser.add_argument("--only", default="", help="parts of names of pages, or ladder; prints and writes nothing")
    parser.add_argument(
        "--seconds", type=float, default=2.0, help="how long each page is measured at each number of clients"
    )
    return parser.parse_args()


def _ready_database(*, rebuild: bool) -> list[dict[str, Any]]:
    """Create, migrate and fill the bench database, unless it is there as today's code makes it. What its jobs took."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    from bench import ledger, volume

    name = settings.DATABASES["default"]["NAME"]
    made_by = sha256(b"".join((ROOT / "bench" / each).read_bytes() for each in MAKERS)).hexdigest()[:12]
    with connection._nodb_cursor() as cursor:
        cursor.execute("select shobj_description(oid, 'pg_database') from pg_database where datname = %s", [name])
        found = cursor.fetchone()
        known: dict[str, Any] = json.loads(found[0] or "{}") if found else {}
        if rebuild or known.get("made_by") != made_by:
            known = {}
            cursor.execute(f'drop database if exists "{name}" with (force)')
            cursor.execute(f'create database "{name}"')
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("create extension if not exists pg_stat_statements")
        if not known:
            began = time.perf_counter()
            print("Building the large data set …", flush=True)
            rows = {**volume.build(), **ledger.build_ledger()}
            print(f"{rows} in {time.perf_counter() - began:.0f} s", flush=True)
            known = {"made_by": made_by, "jobs": ledger.finish_ledger()}
            cursor.execute(f'comment on database "{name}" is %s', [json.dumps(known)])
            print(f"With its jobs in {time.perf_counter() - began:.0f} s", flush=True)
    jobs: list[dict[str, Any]] = known["jobs"]
    return jobs


def _volume() -> str:
    """What there is how many of."""
    from bench import ledger, visits, volume

    return (
        f"{volume.ACCOUNTS:,} accounts, {volume.CONTACTS:,} contacts, {volume.PROSPECTS:,} prospects,\n"
        f"{visits.VISITS:,} visits, {ledger.INVOICES:,} invoices ({ledger.OPEN:,} open)"
    )


def _serve() -> subprocess.Popen[bytes]:
    """Two gunicorn workers with four threads each, as `make run` has them, settings of the collector included."""
    options = f"-c config/gunicorn.py -b 127.0.0.1:{PORT} -w 2 --threads 4 --log-level error".split()
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", *options]
    if _is_served():
        raise SystemExit(f"Something else is served at port {PORT}: end it, or name another one by BENCH_PORT.")
    server = subprocess.Popen(command, cwd=ROOT)
    for _ in range(200):
        time.sleep(0.2)
        if _is_served():
            return server
    server.kill()
    raise SystemExit("The server did not start.")


def _is_served() -> bool:
    try:
        socket.create_connection(("127.0.0.1", PORT), timeout=1).close()
    except OSError:
        return False
    return True


def _measure(page: Page, seconds: float, floors: list[float]) -> Row:
    """Measure one page, its row printed at once; what fails is a row too. Times of the floor list gather in `floors`."""
    from bench.calm import calmest
    from bench.report import Row, pace_of

    try:
        row, stolen = calmest(lambda: _tried(page, seconds))
        row = replace(row, stolen=stolen)
    except Exception as problem:  # a run of all pages goes on without this one
        traceback.print_exc()
        row = Row(page, problem=f"{type(problem).__name__}: {problem}".partition("\n")[0].replace("|", "/"))
    if page.floor == "accounts" and row.floor and row.floor.p50:
        floors.append(row.floor.p50)
    print(row.line(pace_of(floors)), flush=True)
    return row


def _tried(page: Page, seconds: float) -> Row:
    from bench.load import cookies_of, key_of, run
    from bench.report import Row

    paths, bodies = page.paths(), page.bodies()
    headers = key_of(page.user) if bodies else cookies_of(page.user)

    def ask(clients: int, for_seconds: float, at_most: int, some: list[str] = paths) -> Result:
        return run(PORT, some, headers=headers, clients=clients, seconds=for_seconds, at_most=at_most, bodies=bodies)

    for path in paths[:5] * 2:
        ask(1, 5, 2, [path])
    statements = _statements(lambda: ask(1, 20, 4, paths[:1])) / 4
    one = ask(1, seconds, 400)
    floor = run(PORT, [f"/floor/{page.floor}/"], headers=headers, clients=1, seconds=seconds) if page.floor else None
    eight = ask(8, seconds, 2000)
    return Row(page, one, eight, floor, round(statements))


def _statements(act: Callable[[], object]) -> float:
    """How many statements PostgreSQL is sent, but for the bounds of transactions; nor what it asks itself for foreign keys."""
    from django.db import connection

    query = (
        "select coalesce(sum(calls), 0) from pg_stat_statements s join pg_database d on d.oid = s.dbid"
        " where d.datname = current_database() and toplevel and query not ilike '%%pg_stat_statements%%'"
        " and query !~* '^(begin|commit|savepoint|release|set|select \\$1$)' and query not like '%%FOR KEY SHARE OF x'"
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

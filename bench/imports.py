"""`python -m bench.imports`: seconds and memory of imports, carried through for good on a database made for it and dropped after.

One process for each kind of import, as a worker would have it: the file is read and judged, checked (with the file of refused
rows), run, and checked again, which must find everything unchanged. Every fiftieth row is refused. The same steps as the
command `import_file` and the wizard take.

python -m bench.imports [--write] [--only invoices] [--rows 1000000]
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
if __name__ == "__main__":
    os.environ["BENCH_DATABASE_NAME"] = os.environ.get("BENCH_IMPORTS_DATABASE_NAME", "keyline_bench_imports")

import django

ROOT = Path(__file__).resolve().parent.parent
NAMES = Path(os.environ.get("KEYLINE_TEST_DATA") or ROOT.parent / "shared" / "data") / "cn-company-short-names"
CITIES = ("深圳", "上海", "北京", "Rome", "Oslo")
ACCOUNTS, INVOICES = 10_000, 1_000_000


def main() -> None:
    """The command line: all kinds one after the other, or `--one` in this process."""
    parser = argparse.ArgumentParser(prog="python -m bench.imports")
    parser.add_argument("--write", action="store_true", help="put the figures into docs/performance.md")
    parser.add_argument("--only", choices=list(KINDS), help="measure this kind alone (with the accounts it needs)")
    parser.add_argument("--rows", type=int, help="of the last kind measured")
    parser.add_argument("--one", choices=list(KINDS), help=argparse.SUPPRESS)
    options = parser.parse_args()
    django.setup()
    if options.one:
        print(json.dumps(KINDS[options.one](options.rows)))
        return
    figures = measure_all(options.only, options.rows)
    from bench.report import imports_section, write

    if options.write:
        write(imports_section(figures))
    else:
        print(imports_section(figures))


def measure_all(only: str | None = None, rows: int | None = None) -> list[dict[str, Any]]:
    """What every kind of import takes, each in a process of its own."""
    names = [name for name in KINDS if only in {None, name} or (name == "accounts" and only == "invoices")]
    environment = os.environ | {"BENCH_DATABASE_NAME": "keyline_bench_imports"}
    figures = []
    _fresh_database(environment["BENCH_DATABASE_NAME"])
    try:
        for name in names:
            command = [sys.executable, "-m", "bench.imports", "--one", name]
            command += ["--rows", str(rows)] if rows and name == names[-1] else []
            done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
            figures.append(json.loads(done.stdout.splitlines()[-1]))
            print(figures[-1], flush=True)
    finally:
        _drop_database(environment["BENCH_DATABASE_NAME"])
    return [each for each in figures if each]


def _fresh_database(name: str) -> None:
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    _drop_database(name)
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'create database "{name}"')
    connection.close()
    connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = name
    call_command("migrate", verbosity=0)
    from core.models import Role, User
    from core.teams import add_team

    team = add_team(name="Bench")
    for role in (Role.ADMINISTRATOR, Role.FINANCE):
        User.objects.create(email=f"{role}@bench.example", full_name=str(role.label), role=role, team=team)
    connection.close()


def _drop_database(name: str) -> None:
    from django.db import connection

    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'drop database if exists "{name}" with (force)')


# ---------------------------------------------------------------------- the kinds
def accounts(rows: int | None) -> dict[str, Any]:
    """Accounts with a code, a Chinese name, a city, a number and an amount."""

    def write(path: Path) -> None:
        with path.open("w", encoding="utf-8") as out:
            out.write("code,name,city,employees,revenue,website\n")
            for number in range(rows or ACCOUNTS):
                employees = "many" if number % 50 == 0 else number % 5_000
                city = CITIES[number % len(CITIES)]
                out.write(
                    f'BENCH{number:07},第{number}测试科技有限公司,{city},{employees},"{number % 9000:,}.50",www.example.com\n'
                )

    return measure("accounts", write, {"key": "code"})


def names(_rows: int | None) -> dict[str, Any]:
    """A quarter of a million names of Chinese firms, if the sample data are here."""
    found = next(NAMES.glob("*.txt"), None)
    if found is None:
        return {}
    given = json.loads((ROOT / "tests/imports/mappings/cn-company-short-names.json").read_text("utf-8"))["mappings"][0]
    layout = given.pop("layout", {})
    given = {name: value for name, value in given.items() if name not in {"target", "comment"}}
    return measure("accounts", lambda path: path.write_bytes(found.read_bytes()), given, what="names", **layout)


def invoices(rows: int | None) -> dict[str, Any]:
    """Invoices of the accounts imported before, referred to by code."""

    def write(path: Path) -> None:
        with path.open("w", encoding="utf-8") as out:
            out.write("number,account,issued on,due on,amount,currency\n")
            for number in range(rows or INVOICES):
                account = number * 7919 % ACCOUNTS
                account += account % 50 == 0  # every fiftieth account was refused
                amount = "a lot" if number % 50 == 0 else f"{number * 37 % 900_000 + 1}.{number % 100:02}"
                day = f"202{number % 6}-{number % 12 + 1:02}"
                out.write(f"{number:08},BENCH{account:07},{day}-{number % 28 + 1:02},{day}-28,{amount},CNY\n")

    return measure("invoices", write, {"key": "number"})


KINDS: dict[str, Callable[[int | None], dict[str, Any]]] = {"accounts": accounts, "names": names, "invoices": invoices}


# ---------------------------------------------------------------------- measuring
def measure(
    target: str, make: Callable[[Path], object], given: dict[str, Any], what: str = "", **layout: Any
) -> dict[str, Any]:
    """Seconds and counts of each step, and the peak memory of this process, MB."""
    from django.conf import settings

    from core.imports import actions
    from core.models import Role, User

    by = User.objects.get(role=Role.FINANCE if target == "invoices" else Role.ADMINISTRATOR)
    with tempfile.TemporaryDirectory() as folder:
        settings.MEDIA_ROOT = folder
        file = Path(folder) / "file.csv"
        make(file)
        with file.open("rb") as stream:
            job = actions.bring_file(by=by, name=file.name, chunks=iter(lambda: stream.read(1 << 20), b""))
        figures: dict[str, Any] = {"what": what or target, "megabytes": file.stat().st_size / 1e6}
        with Timed(figures, "read"):
            job = actions.read_import(by=by, job_id=job.pk, target=target, **layout)
        job = actions.map_import(by=by, job_id=job.pk, mapping={**job.mapping, **given})
        for step, write in (("check", False), ("run", True), ("again", False)):
            with Timed(figures, step):
                report = actions.carry_out(by=by, job=job, write=write)
            if report is None:
                raise SystemExit(job.problem)
            figures[f"{step}_counts"] = {name: count for name, count in report.counts.items() if count}
    figures["memory"] = peak_memory_mb()
    return figures


def peak_memory_mb() -> float:
    """The most this process has held, MB. `ru_maxrss` would do elsewhere; on Linux it includes what our starter held."""
    status = Path("/proc/self/status")
    if status.exists():
        peak = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(peak.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


class Timed:
    """Notes seconds of the clock, of the processor here and in the database, and the number of statements under a name."""

    def __init__(self, figures: dict[str, Any], name: str) -> None:
        self.figures, self.name, self.statements = figures, name, 0

    def __enter__(self) -> None:
        from django.db import connection

        self.wrapper = connection.execute_wrapper(self._count)
        self.wrapper.__enter__()
        self.clock, self.own, self.other = time.perf_counter(), time.process_time(), database_seconds()

    def __exit__(self, *failure: Any) -> None:
        self.figures[self.name] = time.perf_counter() - self.clock
        self.figures[f"{self.name}_python"] = time.process_time() - self.own
        self.figures[f"{self.name}_database"] = database_seconds() - self.other
        self.figures[f"{self.name}_statements"] = self.statements
        self.wrapper.__exit__(*failure)

    def _count(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        self.statements += 1
        began = time.perf_counter()
        try:
            return execute(*arguments)
        finally:
            if os.environ.get("BENCH_EXPLAIN") and (spent := time.perf_counter() - began) > 0.2:
                print(f"{self.name} {spent:6.2f} s  {' '.join(arguments[0].split())[:200]}", file=sys.stderr)


def database_seconds() -> float:
    """Processor seconds of this connection's database process; 0 where it cannot be seen."""
    from django.db import connection

    connection.ensure_connection()
    try:
        stat = Path(f"/proc/{connection.connection.get_backend_pid()}/stat").read_text()
    except OSError:
        return 0.0
    fields = stat.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()

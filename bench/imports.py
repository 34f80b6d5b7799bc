"""`python -m bench.imports [--rows 10000] [--target accounts]`: seconds and memory of an import, on the database it is pointed at.

A file is generated in which one row in fifty is refused. It is read, checked (with the file of refused rows), run, and run
again; then everything is rolled back. Seconds are those of the clock and, because machines are shared, of the processor here
(Python) and of the database's own process.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django
from django.db import connection, transaction

CITIES = ("深圳", "上海", "北京", "Rome", "Oslo")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.imports")
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--check-only", action="store_true", help="write nothing, for very large files")
    options = parser.parse_args()
    django.setup()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "accounts.csv"
        make_file(file, options.rows)
        print(f"{options.rows:,} rows, {file.stat().st_size / 1e6:.1f} MB")
        with transaction.atomic():
            measure_all(file, Path(folder), write=not options.check_only)
            transaction.set_rollback(True)
    print(f"peak memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def make_file(path: Path, rows: int) -> None:
    """Accounts with a code, a Chinese name, a city, a day and an amount; every fiftieth has no number where one belongs."""
    with path.open("w", encoding="utf-8") as out:
        out.write("code,name,city,employees,revenue,website\n")
        for number in range(rows):
            employees = "many" if number % 50 == 0 else str(number % 5_000)
            city = CITIES[number % len(CITIES)]
            out.write(
                f'BENCH{number:07},第{number}测试科技有限公司,{city},{employees},"{number % 9000:,}.50",www.example.com\n'
            )


def measure_all(file: Path, folder: Path, *, write: bool) -> None:
    """Read, check, run, run again."""
    from core.imports.engine import look_over, perform
    from core.imports.mapping import Mapping, propose_columns
    from core.imports.reading import open_table
    from core.imports.spec import known_headings, specs
    from core.models import User

    spec = specs()["accounts"]
    by = User.objects.filter(role="administrator", is_active=True).earliest("id")
    table = open_table(file, folder, known_headings())
    found: dict[str, Any] = measure("read", lambda: look_over(table))
    mapping = Mapping(columns=propose_columns(spec, table.layout.columns), key="code")

    def go(*, write: bool) -> dict[str, int]:
        report = perform(spec=spec, mapping=mapping, table=table, found=found, by=by, write=write, folder=folder)
        return {name: count for name, count in report.counts.items() if count}

    print("   ", measure("check, with the file of refused rows", lambda: go(write=False)))
    if write:
        print("   ", measure("run", lambda: go(write=True)))
        print("   ", measure("check again: all unchanged", lambda: go(write=False)))


def measure(what: str, work: Callable[[], Any]) -> Any:
    """Do the work and print what it took."""
    clock, own, other = time.perf_counter(), time.process_time(), database_seconds()
    answer = work()
    spent = time.perf_counter() - clock
    print(f"{what}: {spent:.2f} s (Python {time.process_time() - own:.2f}, database {database_seconds() - other:.2f})")
    return answer


def database_seconds() -> float:
    """Processor seconds of this connection's database process; 0 where it cannot be seen."""
    connection.ensure_connection()
    try:
        stat = Path(f"/proc/{connection.connection.get_backend_pid()}/stat").read_text()
    except OSError:
        return 0.0
    fields = stat.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()

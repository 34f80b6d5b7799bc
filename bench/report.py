"""The table of a run, as Markdown."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.load import Result
from bench.pages import Page


@dataclass(frozen=True)
class Row:
    """What one page was measured at."""

    page: Page
    one: Result
    eight: Result
    floor: Result | None
    statements: int

    def ratio(self) -> float | None:
        """Page ÷ floor, medians with one client."""
        return self.one.p50 / self.floor.p50 if self.floor and self.floor.p50 else None

    def line(self, pace: float = 1.0) -> str:
        """One row of the table; a machine `pace` times slower than the budgets' own gets so much more time."""
        page, ratio = self.page, self.ratio()
        in_time = self.one.p50 <= page.must * pace and self.statements <= page.statements
        flag = "" if in_time and not self.one.errors else " ✗"
        return (
            f"| {page.name}{flag} | {self.one.p50:.1f} | {self.one.p95:.1f} | {f'{ratio:.1f}' if ratio else '–'} "
            f"| {page.aim:g} / {page.must:g} | {self.eight.p50:.0f} | {self.eight.p95:.0f} "
            f"| {self.eight.per_second:.0f} (≥ {page.per_second}) | {self.statements} (≤ {page.statements}) | {self.one.size / 1024:.0f} |"
        )


HEADING = "## Imports\n"
FLOOR_LIST_MS = 6.5  # the floor list on the machine the budgets were set on

HEAD = """# Performance

Written by `make bench` on {day}, {machine}. 100,000 accounts, 300,000 contacts, 100,000 prospects,
1,000,000 invoices (300,000 open); two gunicorn workers with four threads on the same two cores as the load. Times are
milliseconds; ÷ floor is the page against the same
rows by raw SQL through the leanest template in the same run, and is what to compare between machines. The budgets hold for a
machine whose floor list takes 6.5 ms; this one took {pace:.1f} times as long, and is given so much more. ✗ marks a page over its
budget even so (`must`, or statements).

| page | p50 | p95 | ÷ floor | aim / must | p50 at 8 | p95 at 8 | req/s at 8 | statements | KB |
|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|
"""


def write(rows: list[Row], memory: float, path: Path | None) -> None:
    """Print the table, or write it to `path`."""
    pace = next((row.floor.p50 / FLOOR_LIST_MS for row in rows if row.page.floor == "accounts" and row.floor), 1.0)
    machine = f"{platform.machine()}, Python {platform.python_version()}"
    head = HEAD.format(day=datetime.now(UTC).date(), machine=machine, pace=pace)
    lines = "\n".join(row.line(pace) for row in rows)
    text = f"{head}{lines}\n\nLargest web worker after the run: {memory:.0f} MB.\n"
    if path is None:
        print(text)
    else:
        path.write_text(text + _section_of(path), encoding="utf-8")
        print(f"Written to {path.name}")


IMPORTS = """## Imports

Measured by `python -m bench.imports` on {day}, {machine}: each kind in a process of its own, on a database made for it, by the
steps of the command `import_file`. Every fiftieth row is refused and comes back in the file of refused rows. Seconds of the
clock, in brackets those of the processor (importing process + database); the budget is for reading and running together, on a
quiet machine. “Again” is the same file checked once more: every row must be found unchanged.

| import | rows | read | check | run | read + run | aim / must | again | statements | peak memory, MB |
|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|
"""
KINDS = {
    "accounts": ("accounts by code, with search columns", "1 / 3"),
    "names": ("names of firms, with search columns", "–"),
    "invoices": ("invoices by number, accounts by code", "20 / 60"),
}


def imports_section(figures: list[dict[str, Any]]) -> str:
    """The second table: what imports take."""
    machine = f"{platform.machine()}, Python {platform.python_version()}"
    lines = "\n".join(_import_line(each) for each in figures)
    return f"{IMPORTS.format(day=datetime.now(UTC).date(), machine=machine)}{lines}\n"


def _import_line(figures: dict[str, Any]) -> str:
    label, budget = KINDS[figures["what"]]

    def step(name: str) -> str:
        return (
            f"{figures[name]:.1f} ({figures[f'{name}_python']:.1f} + {figures[f'{name}_database']:.1f})"
            if name in figures
            else "–"
        )

    whole = figures["read"] + figures["run"]
    return (
        f"| {label} | {figures['run_counts']['rows']:,} | {step('read')} | {step('check')} | {step('run')} | {whole:.1f} "
        f"| {budget} | {step('again')} | {figures['run_statements']} | {figures['memory']:.0f} |"
    )


def write_imports(figures: list[dict[str, Any]], path: Path) -> None:
    """Put the second table in the place of the last one; what stands before it stays."""
    before = path.read_text(encoding="utf-8").partition(HEADING)[0].rstrip()
    path.write_text(f"{before}\n\n{imports_section(figures)}", encoding="utf-8")
    print(f"Written to {path.name}")


def _section_of(path: Path) -> str:
    """The second table as it stands in the file."""
    _before, heading, section = path.read_text(encoding="utf-8").partition(HEADING) if path.exists() else ("", "", "")
    return f"\n{heading}{section}" if heading else ""

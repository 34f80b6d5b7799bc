"""The table of a run, as Markdown."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

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


FLOOR_LIST_MS = 6.5  # the floor list on the machine the budgets were set on

HEAD = """# Performance

Written by `make bench` on {day}, {machine}. 100,000 accounts, 300,000 contacts, 100,000 prospects; two gunicorn
workers with four threads on the same two cores as the load. Times are milliseconds; ÷ floor is the page against the same
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
        path.write_text(text, encoding="utf-8")
        print(f"Written to {path.name}")

"""`docs/performance.md`: the figures of a run under their headings, and below a marker what people wrote, which is kept."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from bench.calm import CALM
from bench.load import Result
from bench.pages import Page

FILE = Path(__file__).resolve().parent.parent / "docs" / "performance.md"
MARKER = "<!-- Above: written by `make bench`. Below: written by people, and kept. -->\n"
FLOOR_LIST_MS = 6.5  # the floor list on the machine the budgets were set on
WORKER_MB = (150, 200)  # aim, must


@dataclass(frozen=True)
class Row:
    """What one page was measured at, or why it could not be."""

    page: Page
    one: Result | None = None
    eight: Result | None = None
    floor: Result | None = None
    statements: int = 0
    problem: str = ""
    stolen: float = 0.0  # share of the processors' time that the host gave to other guests meanwhile

    def line(self, pace: float) -> str:
        """One row of the table; a machine `pace` times slower than the budgets' own is given so much more time."""
        page, one, eight = self.page, self.one, self.eight
        if self.problem or one is None or eight is None or not one.times:
            return f"| {page.name} ✗ | {self.problem or 'no answer was 200'} |" + " – |" * 8
        ratio = f"{one.p50 / self.floor.p50:.1f}" if self.floor and self.floor.p50 else "–"
        slow, many, few = self.misses(pace)
        errors = f", {one.errors + eight.errors} errors" if one.errors + eight.errors else ""
        disturbed = f", others {self.stolen:.0%}" if self.stolen > CALM else ""
        return (
            f"| {page.name}{errors}{disturbed} | {one.p50:.1f}{_cross(slow)} | {one.p95:.1f} | {ratio} "
            f"| {page.aim * pace:.0f} / {page.must * pace:.0f} | {eight.p50:.0f} | {eight.p95:.0f} "
            f"| {eight.per_second:.0f}{_cross(few)} (≥ {page.per_second / pace:.0f}) "
            f"| {self.statements}{_cross(many)} (≤ {page.statements}) | {one.size / 1024:.0f} |"
        )

    def misses(self, pace: float) -> tuple[bool, bool, bool]:
        """Whether time, statements or requests a second miss their budget."""
        page, one, eight = self.page, self.one, self.eight
        if self.problem or one is None or eight is None or not one.times:
            return True, True, True
        late = one.p50 > page.must * pace or bool(one.errors + eight.errors)
        return late, self.statements > page.statements, eight.per_second < page.per_second / pace


def _cross(missed: bool) -> str:
    return " ✗" if missed else ""


PAGES = """# Performance

Written by `make bench` on {day}, {machine}. {volume}; two
gunicorn workers with four threads on the same processors as the load. Times are milliseconds; ÷ floor is the page against the
same rows by raw SQL through the leanest template in the same run, and is what to compare between machines.

The budgets were set on a machine whose floor list takes {floor:g} ms. **Here it took {ours:.1f} ms, {pace:.2f} times as long**: the
budgets below are that many times as long, the requests a second that many times fewer. ✗ marks a figure that misses its budget
even so: {late} of {all} pages in time, {many} in statements, {few} in requests a second. Other guests of the host took {stolen} of
the processors' time (median and most of the pages); the calmest of three measures counts, and where they took over 5 % even then the
row says so.

| page | p50 | p95 | ÷ floor | aim / must | p50 at 8 | p95 at 8 | req/s at 8 | statements | KB |
|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|
{lines}

Largest web worker after the run: {memory:.0f} MB{fat} (aim {aim}, must {must}).
"""


def pages_section(rows: list[Row], floors: list[float], memory: float, volume: str) -> str:
    """The head and the first table."""
    pace = pace_of(floors)
    missed = [row.misses(pace) for row in rows]
    late, many, few = (sum(each[place] for each in missed) for place in range(3))
    return PAGES.format(
        day=datetime.now(UTC).date(), machine=machine(), volume=volume, floor=FLOOR_LIST_MS, ours=pace * FLOOR_LIST_MS,
        stolen=_shares([row.stolen for row in rows]),
        pace=pace, late=late, many=many, few=few, all=len(rows), lines="\n".join(row.line(pace) for row in rows),
        memory=memory, fat=_cross(memory > WORKER_MB[1]), aim=WORKER_MB[0], must=WORKER_MB[1],
    )  # fmt: skip


def _shares(stolen: list[float]) -> str:
    """Median and most, in words."""
    return f"{median(stolen):.0%} and {max(stolen):.0%}" if stolen else "nothing"


def pace_of(floors: list[float]) -> float:
    """How many times as long this machine takes as the one of the budgets: the floor list, asked all through the run."""
    return median(floors) / FLOOR_LIST_MS if floors else 1.0


def machine() -> str:
    """Where this is."""
    return f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}"


JOBS = """## Jobs

Seconds of the clock, in brackets those of the processor (this process + database), while the data set was built. The ladder is
climbed in this run, in a process of its own, and what it wrote is taken back.

| job | seconds | aim / must | result |
|---|--:|--:|---|
"""
JOB_BUDGETS = {"regrade": (15, 30)}


def jobs_section(jobs: list[dict[str, Any]], pace: float) -> str:
    """The second table: what is no page."""
    lines = []
    for job in jobs:
        budget = next((each for word, each in JOB_BUDGETS.items() if job["name"].startswith(word)), None)
        limits = f"{budget[0] * pace:.0f} / {budget[1] * pace:.0f}" if budget else "–"
        late = _cross(bool(budget and job["seconds"] > budget[1] * pace))
        seconds = f"{job['seconds']:.1f}{late} ({job['python']:.1f} + {job['database']:.1f})"
        lines.append(f"| {job['name']} | {seconds} | {limits} | {job['result']} |")
    return JOBS + "\n".join(lines) + "\n"


IMPORTS = """## Imports

Measured by `python -m bench.imports` on {day}: each kind in a process of its own, on a database made for it, by the
steps of the command `import_file`. Every fiftieth row is refused and comes back in the file of refused rows. Seconds of the
clock, in brackets those of the processor (importing process + database); the budget is for reading and running together{pace}.
“Again” is the same file checked once more: every row must be found unchanged.

| import | rows | read | check | run | read + run | aim / must | again | statements | peak memory, MB |
|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|
"""
KINDS: dict[str, tuple[str, tuple[float, float] | None]] = {
    "accounts": ("accounts by code, with search columns", (1, 3)),
    "names": ("names of firms, with search columns", None),
    "invoices": ("invoices by number, accounts by code", (20, 60)),
}
IMPORT_MB = 250


def imports_section(figures: list[dict[str, Any]], pace: float = 1.0) -> str:
    """The third table: what imports take."""
    said = f", {pace:.2f} times that of the machine it was set on" if pace != 1 else ""
    lines = "\n".join(_import_line(each, pace) for each in figures)
    return f"{IMPORTS.format(day=datetime.now(UTC).date(), pace=said)}{lines}\n"


def _import_line(figures: dict[str, Any], pace: float) -> str:
    label, budget = KINDS[figures["what"]]

    def step(name: str) -> str:
        parts = f"{figures[f'{name}_python']:.1f} + {figures[f'{name}_database']:.1f}" if name in figures else ""
        return f"{figures[name]:.1f} ({parts})" if parts else "–"

    whole = figures["read"] + figures["run"]
    late = _cross(bool(budget and whole > budget[1] * pace))
    limits = f"{budget[0] * pace:.1f} / {budget[1] * pace:.1f}" if budget else "–"
    memory = f"{figures['memory']:.0f}{_cross(figures['memory'] > IMPORT_MB)} (≤ {IMPORT_MB})"
    return (
        f"| {label} | {figures['run_counts']['rows']:,} | {step('read')} | {step('check')} | {step('run')} "
        f"| {whole:.1f}{late} | {limits} | {step('again')} | {figures['run_statements']} | {memory} |"
    )


ORDER = ["# Performance", "## Jobs", "## Imports"]


def write(*sections: str) -> None:
    """Put these sections in the place of those with the same headings; the others, and what people wrote, stay."""
    old = FILE.read_text(encoding="utf-8") if FILE.exists() else ""
    measured, marker, written = old.partition(MARKER)
    if not marker:
        measured, written = "", ""
    found = {_heading(section): section for section in _split(measured)} | {_heading(each): each for each in sections}
    order = sorted(found, key=lambda heading: (ORDER.index(heading) if heading in ORDER else len(ORDER), heading))
    FILE.write_text(
        "\n".join(found[heading].strip() + "\n" for heading in order) + f"\n{MARKER}{written}", encoding="utf-8"
    )
    print(f"Written to docs/{FILE.name}", flush=True)


def _split(text: str) -> list[str]:
    parts = text.split("\n## ")
    return [part if part.startswith("# ") else f"## {part}" for part in parts if part.strip()]


def _heading(section: str) -> str:
    return section.strip().partition("\n")[0]

"""What fits on one page, the most important first; and what is worth asking. No queries, no clock."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import ceil
from unicodedata import east_asian_width

from django.utils.translation import gettext_lazy as _

from prospects.choices import Criterion
from relationships.choices import ContactRole, VisitKind

ROOM = 84
"""Lines of print that two columns of A4 hold below the heading."""
WIDTH = 50
"""Latin letters on such a line; a Chinese character takes the room of two."""
HEADING = 2
"""Lines the heading of a part takes."""


class PartKey(StrEnum):
    """The parts of a brief, what stays longest when there is too much for a page first."""

    LANDMINES = "landmines"
    PEOPLE = "people"
    BIRTHDAYS = "birthdays"
    MONEY = "money"
    COMPLAINTS = "complaints"
    PROMISES = "promises"
    PROSPECTS = "prospects"
    QUESTIONS = "questions"
    CONTACTS = "contacts"
    NEEDS = "needs"
    OBJECTIONS = "objections"
    EVIDENCE = "evidence"
    COMPETITORS = "competitors"


IMPORTANCE = list(PartKey)
TITLES = {
    PartKey.LANDMINES: _("Landmines"),
    PartKey.PEOPLE: _("We meet"),
    PartKey.BIRTHDAYS: _("Birthday near"),
    PartKey.MONEY: _("Money"),
    PartKey.COMPLAINTS: _("Complaints"),
    PartKey.PROMISES: _("What we promised"),
    PartKey.PROSPECTS: _("Prospects"),
    PartKey.QUESTIONS: _("To find out"),
    PartKey.CONTACTS: _("Last contacts"),
    PartKey.NEEDS: _("Open needs"),
    PartKey.OBJECTIONS: _("Objections"),
    PartKey.EVIDENCE: _("Evidence that fits"),
    PartKey.COMPETITORS: _("Competitor news"),
}
LEAST = {
    PartKey.LANDMINES: 4, PartKey.PEOPLE: 3, PartKey.MONEY: 2, PartKey.PROMISES: 2, PartKey.PROSPECTS: 2,
    PartKey.QUESTIONS: 2, PartKey.CONTACTS: 2,
}  # fmt: skip
"""Lines of a part that all others make room for; of those not named, one."""
LONGEST = {PartKey.LANDMINES: 6}
LONGEST_OTHERS = 3
LONGEST_NOTE = 2
"""Lines of print a single text may take: a warning is told nearly whole, of all else the beginning says what it is."""


@dataclass(frozen=True)
class Line:
    """One thing to know: what, and smaller beside or below it when, who or why. `tone`: bad, warn, good or nothing."""

    text: str
    note: str = ""
    tone: str = ""
    url: str = ""
    phone: str = ""

    @property
    def height(self) -> int:
        """Lines of print it takes."""
        return ceil(breadth(self.text) / WIDTH) + ceil(breadth(f"{self.note} {self.phone}".strip()) / WIDTH)


@dataclass(frozen=True)
class Part:
    """Lines of one kind. `more` are those there is no room for; `is_endless`: there are others that were not even read."""

    key: PartKey
    title: str
    lines: Sequence[Line]
    more: int = 0
    is_endless: bool = False
    url: str = ""


def breadth(text: str) -> int:
    """Room a text takes on its line, in Latin letters."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def fit(parts: Sequence[Part], room: int = ROOM) -> list[Part]:
    """The parts as one page holds them: none is left out, and what a part leaves out is counted in its `more`.

    Very long lines end in “…”: they can be read on their own page. First each part gets its least lines, then one more in
    turn, the important ones first, as long as there is room. If not even the least fits, the least important parts go
    down to one line.
    """
    parts = [replace(part, lines=[_shortened(part, line) for line in part.lines]) for part in parts]
    ranked = sorted((part for part in parts if part.lines), key=lambda part: IMPORTANCE.index(part.key))
    shown = {part.key: min(LEAST.get(part.key, 1), len(part.lines)) for part in ranked}
    left = room - sum(_height(part, shown[part.key]) for part in ranked)
    for part in reversed(ranked):
        while left < 0 and shown[part.key] > 1:
            shown[part.key] -= 1
            left += part.lines[shown[part.key]].height
    growing = list(ranked)
    while growing:
        still = []
        for part in growing:
            count = shown[part.key]
            if count < len(part.lines) and part.lines[count].height <= left:
                left -= part.lines[count].height
                shown[part.key] += 1
                still.append(part)
        growing = still
    return [_cut(part, shown[part.key]) for part in parts if part.lines]


def in_columns(parts: Sequence[Part]) -> tuple[list[Part], list[Part]]:
    """The parts in their order, cut where two columns come out most alike; landmines go across both and are left out."""
    rest = [part for part in parts if part.key != PartKey.LANDMINES]
    heights = [_height(part, len(part.lines)) for part in rest]
    cut = min(range(len(rest) + 1), key=lambda place: max(sum(heights[:place]), sum(heights[place:])))
    return rest[:cut], rest[cut:]


def _height(part: Part, count: int) -> int:
    return HEADING + sum(line.height for line in part.lines[:count])


def _shortened(part: Part, line: Line) -> Line:
    rows = LONGEST.get(part.key, LONGEST_OTHERS)
    return replace(line, text=_clip(line.text, rows * WIDTH), note=_clip(line.note, LONGEST_NOTE * WIDTH))


def _clip(text: str, room: int) -> str:
    if breadth(text) <= room:
        return text
    kept, used = [], 1
    for letter in text:
        used += breadth(letter)
        if used > room:
            break
        kept.append(letter)
    return "".join(kept).rstrip() + "…"


def _cut(part: Part, count: int) -> Part:
    return replace(part, lines=part.lines[:count], more=part.more + len(part.lines) - count)


# ------------------------------------------------------------------ what to ask

ASK_FOR_ROLE = {
    ContactRole.DECIDER: _("Who decides here?"),
    ContactRole.MONEY_APPROVER: _("Who approves the money?"),
    ContactRole.COACH: _("Who could be our coach?"),
}
"""Roles of R2 no purchase goes without (R1): the question while nobody is known to have them."""
ASK_FOR_CRITERION = {
    Criterion.WILLING: _("Do they want to go on with us?"),
    Criterion.RIGHT_PERSON: _("Can the one we talk with decide, or who can?"),
    Criterion.PROPOSAL_FITS: _("What do they do today, and what should be better?"),
    Criterion.BUDGET_REASONABLE: _("Which price or range have they in mind?"),
    Criterion.TIMETABLE_WORKABLE: _("When do they decide, and when do they want to start?"),
    Criterion.NEXT_STEP_AGREED: _("What is the next step, and on which day?"),
    Criterion.SPOKEN_AGREEMENT: _("Would they say yes today? What stands in the way?"),
}
"""What brings the missing criterion of the next class (P2)."""


def questions(missing: Sequence[tuple[str, Collection[Criterion]]], roles: Collection[str]) -> list[Line]:
    """The best open questions: what the prospects lack for their next class, then whom we do not know yet.

    `missing`: per prospect its name and criteria; `roles`: those known at the account.
    """
    found: dict[Criterion, list[str]] = {}
    for name, criteria in missing:
        for criterion in criteria:
            if criterion in ASK_FOR_CRITERION:
                found.setdefault(criterion, []).append(name)
    asked = [Line(str(ASK_FOR_CRITERION[criterion]), " · ".join(names)) for criterion, names in found.items()]
    return asked + [Line(str(question)) for role, question in ASK_FOR_ROLE.items() if role not in roles]


# ------------------------------------------------------------------ what may convince them

SHOWS = (
    VisitKind.TECHNICAL, VisitKind.TOUR, VisitKind.DEMO, VisitKind.EXHIBITION, VisitKind.SEMINAR, VisitKind.TRAINING,
)  # fmt: skip
"""Ways to meet that are evidence by themselves (P13), in the order one offers them."""
QUALITY = re.compile(
    r"(?<![a-z])(quality|(un)?reliab|defect|broken?(?![a-z])|breakdown|fault|durab|lifetime)"
    "|质量|品质|可靠|缺陷|故障|不良|寿命|耐用",
    re.IGNORECASE,
)
"""What an objection to the quality says, of whichever language (P14). Heard objections have no kind of their own."""


def still_to_show(seen: Collection[str], coming: str = "") -> list[VisitKind]:
    """The kinds of evidence an account has not seen yet; what the coming visit shows itself is left out."""
    return [kind for kind in SHOWS if kind not in seen and kind != coming]


def doubt_of_quality(objections: Iterable[str]) -> str:
    """The first of these objections that doubts the quality; empty if none does."""
    return next(filter(QUALITY.search, objections), "")

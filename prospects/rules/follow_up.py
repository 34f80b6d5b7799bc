"""Follow-ups of a prospect (R9): where it is on the curve, and whether way and reason are fresh."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from prospects.choices import Criterion

CURVE: tuple[tuple[int, int, int], ...] = ((1, 1, 2), (2, 2, 3), (3, 3, 5), (4, 4, 10), (5, 12, 80))
"""R9 as (from contact, to contact, share of all sales in %): 2 at the first contact, 3 on the first follow-up, 5 on the
second, 10 on the third, 80 on the fourth to eleventh."""

TIRED = 3
"""The same way this many times in a row is pointed out."""


@dataclass(frozen=True)
class Place:
    """One part of the curve, as it is drawn."""

    first: int
    last: int
    share: int
    state: str
    """passed, here (the next contact falls into it) or ahead."""

    @property
    def follow_ups(self) -> tuple[int, int]:
        """The numbers of its follow-ups; the first contact is none."""
        return self.first - 1, self.last - 1


def places(contacts_made: int) -> list[Place]:
    """The five parts of the curve for a prospect after so many contacts."""
    following = contacts_made + 1
    return [
        Place(first, last, share, "passed" if last < following else "here" if first <= following else "ahead")
        for first, last, share in CURVE
    ]


def still_to_come(contacts_made: int) -> int:
    """The share of sales, in %, that are made at contacts this prospect has not had yet."""
    return sum(share for _first, last, share in CURVE if last > contacts_made)


def follow_ups(contacts_made: int) -> int:
    """How many follow-ups there were: every contact but the first."""
    return max(contacts_made - 1, 0)


def tired_way(ways: Sequence[str]) -> str:
    """The way used three times in a row (newest first), or nothing."""
    latest = ways[:TIRED]
    return latest[0] if len(latest) == TIRED and len(set(latest)) == 1 else ""


def repeated_reason(reasons: Sequence[str]) -> str:
    """The purpose of the latest contact where the one before had the same (newest first), or nothing."""
    latest = [" ".join(reason.split()).casefold() for reason in reasons[:2]]
    return reasons[0] if len(latest) == 2 and latest[0] and latest[0] == latest[1] else ""


@dataclass(frozen=True)
class Brought:
    """What a visit brought home beside its outcome (R7): findings by kind, a landmine (R4), criteria it is evidence of (P2)."""

    findings: Mapping[str, str] = field(default_factory=dict)
    landmine: str = ""
    criteria: Sequence[tuple[int, Criterion]] = ()
    """(prospect, criterion) pairs, of prospects the visit was about."""

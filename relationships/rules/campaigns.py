"""How far a campaign is (V2): visits made against those wanted, per account, per person and together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class TargetStanding:
    """One account of a campaign: visits wanted, made and planned there; `last_on` and `next_on` are their days."""

    id: int
    account_id: int
    account: str
    rep_id: int
    rep: str
    wanted: int
    made: int = 0
    planned: int = 0
    last_on: date | None = None
    next_on: date | None = None

    @property
    def counted(self) -> int:
        """Visits that count: more than wanted do not make up for another account."""
        return min(self.made, self.wanted)

    @property
    def is_done(self) -> bool:
        return self.made >= self.wanted

    @property
    def is_covered(self) -> bool:
        """Whether what is planned brings it home."""
        return self.made + self.planned >= self.wanted


@dataclass
class Standing:
    """Several accounts together: those of one person, or of the whole campaign."""

    name: str = ""
    person_id: int | None = None
    targets: list[TargetStanding] = field(default_factory=list)

    @property
    def accounts(self) -> int:
        return len(self.targets)

    @property
    def wanted(self) -> int:
        """Visits in all."""
        return sum(target.wanted for target in self.targets)

    @property
    def made(self) -> int:
        return sum(target.counted for target in self.targets)

    @property
    def planned(self) -> int:
        """Planned visits that are still needed."""
        return sum(min(target.planned, target.wanted - target.counted) for target in self.targets)

    @property
    def done(self) -> int:
        """Accounts visited as often as wanted."""
        return sum(target.is_done for target in self.targets)

    @property
    def percent(self) -> int:
        return round(100 * self.made / self.wanted) if self.wanted else 0

    @property
    def open_targets(self) -> list[TargetStanding]:
        """Accounts not yet visited as often as wanted: first those nobody has planned, then by the planned day."""
        waiting = [target for target in self.targets if not target.is_done]
        return sorted(waiting, key=lambda target: (target.next_on or date.min, target.account))


def per_person(targets: Iterable[TargetStanding]) -> list[Standing]:
    """The same accounts by who goes there, the furthest behind first."""
    found: dict[int, Standing] = {}
    for target in targets:
        found.setdefault(target.rep_id, Standing(target.rep, target.rep_id)).targets.append(target)
    return sorted(found.values(), key=lambda standing: (standing.percent, standing.name))

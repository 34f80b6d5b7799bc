"""Whoever is told something: his hours, who stands in for him, who is above him. Read once for a whole batch."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from django.conf import settings

from core.models import Role, User
from reminders.models import Absence, Receiver
from reminders.rules.escalation import present
from reminders.rules.quiet import QuietHours


@dataclass(frozen=True)
class People:
    """The people of one batch, on one day."""

    on: date
    by_id: Mapping[int, User]
    receivers: Mapping[int, Receiver]
    stand_ins: Mapping[int, int]
    _hours: dict[int, QuietHours] = field(default_factory=dict)

    def hours_of(self, user_id: int) -> QuietHours:
        """His quiet hours, in his zone."""
        if user_id not in self._hours:
            own = self.receivers.get(user_id) or Receiver()
            self._hours[user_id] = QuietHours(
                self.zone_of(user_id), own.quiet_from, own.quiet_to, own.rests_on_days_off, own.bundles
            )
        return self._hours[user_id]

    def zone_of(self, user_id: int) -> ZoneInfo:
        """His time zone, the company's if he has none of his own."""
        user = self.by_id.get(user_id)
        return ZoneInfo((user.time_zone if user else "") or settings.TIME_ZONE)

    def reached(self, user_id: int) -> int | None:
        """Who is told in his place today: himself, or who stands in; if he left the house, who led him. None: nobody is there."""
        for candidate in (present(user_id, self.stand_ins), user_id):
            if (user := self.by_id.get(candidate)) and user.is_active:
                return candidate
        return next(iter(self.above(user_id)), None)

    def above(self, user_id: int) -> list[int]:
        """His manager and the one above: the nearest who lead his team or one above it; then an executive."""
        user = self.by_id.get(user_id)
        path = [int(part) for part in user.team.path.split("/") if part] if user and user.team else []
        found = []
        for team_id in reversed(path):
            leads = [boss for boss in self._leads.get(team_id, ()) if boss != user_id and boss not in found]
            found += leads[:1]
        found += [boss for boss in self._executives if boss != user_id][:1]
        return found

    @cached_property
    def _leads(self) -> dict[int, list[int]]:
        """Of each team its active managers."""
        found: dict[int, list[int]] = {}
        for boss, team in _active(Role.MANAGER):
            found.setdefault(team, []).append(boss)
        return found

    @cached_property
    def _executives(self) -> list[int]:
        return [boss for boss, _team in _active(Role.EXECUTIVE)]


def _active(role: Role) -> list[tuple[int, int]]:
    return list(User.objects.filter(role=role, is_active=True).order_by("id").values_list("id", "team_id"))


def people(user_ids: Collection[int], now: datetime) -> People:
    """These people and whoever stands in for them; three statements."""
    on = now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    stand_ins = dict(
        Absence.objects.filter(starts_on__lte=on, until__gte=on).order_by("id").values_list("user_id", "stand_in_id")
    )
    ids = {*user_ids, *stand_ins.values()}
    return People(
        on=on,
        by_id=User.objects.select_related("team").in_bulk(ids),
        receivers={row.user_id: row for row in Receiver.objects.filter(user__in=ids)},
        stand_ins=stand_ins,
    )

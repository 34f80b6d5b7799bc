"""Which visits were about a prospect, and how its follow-up stands (R9)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone
from django.utils.formats import date_format

from core.users import Actor
from core.workdays import today
from prospects.choices import Criterion, Stage
from prospects.models import FollowUp, Prospect
from prospects.queries.prospects import ticked_criteria, visible_prospects
from prospects.queries.settings import board_settings
from prospects.rules import criteria, follow_up
from relationships.choices import VisitKind
from relationships.models import Visit
from relationships.queries import contact_rule, visible_visits
from relationships.rules.visits import Interval, interval

SHOWN = 25


@dataclass(frozen=True)
class FollowUpStanding:
    """How far the follow-up of a prospect is, and whether the next contact is due."""

    prospect: Prospect
    places: list[follow_up.Place]
    still_to_come: int
    interval: Interval
    since: int | None
    """Days since the last contact."""
    good_from: date | None
    fading_on: date | None
    tired_way: str
    repeated_reason: str
    coming: list[Visit]
    made: list[Visit]

    @property
    def follow_ups(self) -> int:
        return follow_up.follow_ups(self.prospect.contacts_made)


def follow_up_standing(by: Actor, prospect: Prospect, on: date | None = None) -> FollowUpStanding:
    """The prospect's counter, curve, interval light and latest contacts; two statements."""
    on = on or today()
    rule = contact_rule()
    rows = FollowUp.objects.filter(prospect=prospect).select_related("visit__owner").order_by("-visit__at")[:SHOWN]
    visits = [row.visit for row in rows]
    made = [visit for visit in visits if visit.recorded_at]
    last = prospect.last_contact_on
    kinds = [visit.kind for visit in made]
    tired = follow_up.tired_way(kinds)
    return FollowUpStanding(
        prospect=prospect,
        places=follow_up.places(prospect.contacts_made),
        still_to_come=follow_up.still_to_come(prospect.contacts_made),
        interval=interval(last, on, too_close_days=rule.too_close_days, fading_days=rule.fading_days),
        since=(on - last).days if last else None,
        good_from=last + timedelta(days=rule.too_close_days) if last else None,
        fading_on=last + timedelta(days=rule.fading_days + 1) if last else None,
        tired_way=str(VisitKind(tired).label) if tired else "",
        repeated_reason=follow_up.repeated_reason([visit.purpose for visit in made]),
        coming=sorted((visit for visit in visits if visit.is_planned), key=lambda visit: visit.at),
        made=made,
    )


def prospects_of_visit(by: Actor, visit: Visit) -> list[Prospect]:
    """The prospects the user sees that a visit is or was about."""
    linked = FollowUp.objects.filter(visit=visit).values("prospect")
    return list(visible_prospects(by).filter(pk__in=linked).order_by("sort_name", "id"))


def visits_as_evidence(by: Actor, prospect: Prospect, limit: int = 10) -> list[tuple[int, str]]:
    """The latest visits at the prospect's account, for choosing one as evidence: id, and day, kind and outcome in words."""
    if prospect.account_id is None:
        return []
    rows = visible_visits(by).recorded().filter(account=prospect.account_id).order_by("-at", "-id")
    return [(visit.pk, _in_words(visit)) for visit in rows[:limit]]


def _in_words(visit: Visit) -> str:
    day = date_format(timezone.localdate(visit.at), "SHORT_DATE_FORMAT")
    return f"{day} {visit.get_kind_display()}: {visit.outcome[:80]}"


def criteria_asked(by: Actor, prospects: Iterable[Prospect]) -> list[tuple[Prospect, list[Criterion]]]:
    """What a visit could be evidence of: per open prospect the criteria of its next class that nobody confirmed yet."""
    on, hard = today(), board_settings().hard
    asked = []
    for prospect in prospects:
        following = Stage(prospect.stage).next_up if prospect.is_open else None
        if following is None or following == Stage.S:
            continue
        ticked = ticked_criteria(prospect)
        checks = criteria.missing(following, prospect, ticked, hard, on)
        if wanted := [check.criterion for check in checks if check.needs_tick]:
            asked.append((prospect, wanted))
    return asked


def open_prospects_of(by: Actor, account_id: int, limit: int = 50) -> list[Prospect]:
    """The account's open prospects a visit can be about, the most advanced first."""
    rows = visible_prospects(by).still_open().filter(account=account_id)
    return list(rows.order_by("-stage", "next_step_on", "id")[:limit])

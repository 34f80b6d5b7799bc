"""Everything read about visits. The user comes first; what he may not see does not exist."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Q

from accounts.models import SEARCH_COLUMNS, Account, AccountQuerySet
from accounts.queries import visible_accounts
from core.errors import NotFound
from core.models import Role, User
from core.permissions import allowed
from core.statements import Statement
from core.users import Actor
from relationships.choices import Meeting
from relationships.models import Contact, ContactRule, Visit, VisitAttendee, VisitQuerySet
from relationships.models.visits import PLANNED


def visible_visits(by: Actor) -> VisitQuerySet:
    """The visits this user sees: his own, and those at accounts he sees."""
    return Visit.objects.visible_to(by)


def get_visit(by: Actor, visit_id: int, *, lock: bool = False) -> Visit:
    """One visit the user sees, with account and owner. NotFound otherwise."""
    rows = visible_visits(by)
    rows = rows.select_for_update(no_key=True, of=("self",)) if lock else rows
    visit = rows.select_related("account", "owner").filter(pk=visit_id).first()
    if visit is None:
        raise NotFound
    return visit


def contact_rule() -> ContactRule:
    """The company's rhythm; the shipped one until somebody sets another."""
    return ContactRule.objects.first() or ContactRule()


def had_meeting(account_id: int) -> bool:
    """Whether anybody of ours has met them before (P7)."""
    return _meetings().filter(account=account_id).exists()


def _meetings() -> VisitQuerySet:
    return Visit.objects.all().recorded().exclude(meeting="")


def _account_to_visit(by: User, account_id: int) -> AccountQuerySet:
    met = Exists(_meetings().filter(account=OuterRef("pk")))
    return visible_accounts(by).filter(pk=account_id).defer(*SEARCH_COLUMNS).annotate(is_met=met)


ACCOUNT_TO_VISIT = Statement(_account_to_visit)


def account_to_visit(by: User, account_id: int) -> tuple[Account, bool]:
    """One account the user sees, and whether anybody of ours has met them before (P7); one statement. NotFound otherwise."""
    for account in ACCOUNT_TO_VISIT.rows(by, account_id=account_id):
        return account, account.is_met  # type: ignore[attr-defined]  # annotated
    raise NotFound


@dataclass(frozen=True)
class VisitPeople:
    """Who takes part in a visit beside its owner: theirs and ours."""

    contacts: list[Contact] = field(default_factory=list)
    colleagues: list[User] = field(default_factory=list)


def visit_people(visits: Iterable[Visit]) -> dict[int, VisitPeople]:
    """The people of these visits; one statement."""
    found: dict[int, VisitPeople] = {}
    rows = VisitAttendee.objects.filter(visit__in=list(visits)).select_related("contact", "colleague")
    for attendee in rows:
        people = found.setdefault(attendee.visit_id, VisitPeople())
        if attendee.contact:
            people.contacts.append(attendee.contact)
        elif attendee.colleague:
            people.colleagues.append(attendee.colleague)
    return found


def attach_attendees(rows: list[dict[str, Any]]) -> None:
    """Add to rows of a list who takes part (`attendees`: ids and a name each); one statement."""
    visits = {row["id"]: row for row in rows}
    for row in rows:
        row["attendees"] = []
    people = VisitAttendee.objects.filter(visit__in=visits).order_by("id")
    for visit_id, contact_id, contact, colleague_id, colleague in people.values_list(
        "visit_id", "contact_id", "contact__full_name", "colleague_id", "colleague__full_name"
    ):
        visits[visit_id]["attendees"].append(
            {"contact_id": contact_id, "colleague_id": colleague_id, "name": contact or colleague}
        )


def account_visits(by: Actor, account_id: int, *, limit: int = 25) -> tuple[list[Visit], list[Visit]]:
    """The account's visits to come, nearest first, and those made or called off, newest first."""
    rows = Visit.objects.filter(account=account_id).select_related("owner")
    coming = list(rows.planned().order_by("at", "id")[:limit])
    return coming, list(rows.exclude(PLANNED).order_by("-at", "-id")[:limit])


def who_may_go(visit: Visit) -> list[User]:
    """Colleagues who may make a visit in its owner's place: on the account's team, or leading the team it belongs to."""
    path = visit.account.team.path if visit.account.team else ""
    above = [int(pk) for pk in path.split("/") if pk]
    sees = Q(pk__in=visit.account.members.values("user")) | Q(role=Role.MANAGER, team__in=above)
    people = User.objects.filter(sees, is_active=True).exclude(pk=visit.owner_id).order_by("full_name", "id")
    return [person for person in people if allowed(person, "visits.record")]


def first_or_later(kind_is_meeting: bool, account_id: int, is_met: bool | None = None) -> str:
    """Which meeting at the account this one is (P7): the first, or a follow-up; empty for what is no meeting.

    `is_met` is whether they were met before, where that is known.
    """
    if not kind_is_meeting:
        return ""
    return Meeting.FOLLOW_UP if (had_meeting(account_id) if is_met is None else is_met) else Meeting.FIRST

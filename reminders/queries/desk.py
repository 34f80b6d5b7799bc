"""What one person has on his desk, and the pages of it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from core.errors import NotFound
from core.keyset import Order, read_page
from core.models import Role, User
from reminders.choices import Channel, State
from reminders.models import Occurrence, OccurrenceQuerySet
from reminders.queries.occurrences import on_the_desk, visible_occurrences

TOLD_BY = ("recipient", "meant_for", "asked_by", "came_from__recipient")
PAGE = 30

OPEN, SNOOZED, OVER, TEAM = "open", "snoozed", "over", "team"


def latest(user: User, most: int) -> list[Occurrence]:
    """The newest on his desk. The partial index answers in its own order."""
    return list(on_the_desk(user).select_related(*TOLD_BY)[:most])


def unread_upto(user: User, most: int) -> int:
    """How many on his desk are unread, counted no further than `most`."""
    return on_the_desk(user).filter(read_at=None).order_by()[:most].values("pk").count()


def reminders_in_app(user: User) -> OccurrenceQuerySet:
    """Every reminder this person may read, as the bell shows it: one row a fact and person."""
    return visible_occurrences(user).filter(channel=Channel.IN_APP)


def head_of(occurrence: Occurrence) -> Occurrence:
    """The same reminder as the bell shows it; where the bell has none (switched off), the one given."""
    siblings = Occurrence.objects.siblings_of(occurrence).select_related(*TOLD_BY)
    rows = sorted(siblings, key=_in_app_first)
    return next((row for row in rows if row.channel == Channel.IN_APP or row.pk == occurrence.pk), occurrence)


def _in_app_first(occurrence: Occurrence) -> bool:
    return occurrence.channel != Channel.IN_APP


def link_holder(user_id: int) -> User:
    """Whom a mail's link was made for, while he works here."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        raise NotFound
    return user


@dataclass(frozen=True)
class DeskPage:
    """Some reminders in their order, and the cursor of the older ones."""

    rows: list[Occurrence]
    older: str = ""


def desk_page(user: User, tab: str, *, rule: str = "", after: str = "", size: int = PAGE) -> DeskPage:
    """One page of the list: what is open, put off, over, or open with the people one leads."""
    rows, order = _tab(user, tab)
    if rule:
        rows = rows.filter(rule=rule)
    page = read_page(rows, order, ("id",), size=size, after=after)
    found = Occurrence.objects.select_related(*TOLD_BY).in_bulk([row["id"] for row in page.rows])
    return DeskPage([found[row["id"]] for row in page.rows], page.after)


def rules_on_desk(user: User, tab: str) -> list[str]:
    """The kinds of reminders there are under a tab."""
    rows, _order = _tab(user, tab)
    return list(rows.order_by("rule").values_list("rule", flat=True).distinct())


def _tab(user: User, tab: str) -> tuple[OccurrenceQuerySet, Order]:
    in_app = Occurrence.objects.filter(channel=Channel.IN_APP)
    own = in_app.filter(recipient=user)
    if tab == SNOOZED:
        return own.filter(state=State.SNOOZED), Order(("due_at",))
    if tab == OVER:
        return own.filter(state=State.DONE), Order(("ended_at",), descending=True, nullable=True)
    if tab == TEAM and user.role == Role.MANAGER:
        others = visible_occurrences(user).on_the_desk().exclude(Q(recipient=user))
        return others, Order(("sent_at",), descending=True, nullable=True)
    return Occurrence.objects.on_the_desk().filter(recipient=user), Order(("sent_at",), descending=True, nullable=True)

"""Everything read about people at accounts. The user comes first; what he may not see does not exist."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import F, Prefetch, Q, QuerySet, prefetch_related_objects
from django.db.models.functions import Lower

from accounts.models import SEARCH_COLUMNS, Account
from core.channels import spellings
from core.errors import NotFound
from core.models import AuditEvent, ChannelKind, User
from core.scope import one_of
from core.search import match
from core.statements import Statement, columns_of
from core.timeline import PAGE, TimeLine, of_events, page
from core.users import Actor
from relationships.models import Contact, ContactChannel, ContactQuerySet, Position, PositionQuerySet

REACHED_BY: dict[str, str] = {ChannelKind.MOBILE: "phone", ChannelKind.PHONE: "phone", ChannelKind.EMAIL: "email"}


def visible_contacts(by: Actor) -> ContactQuerySet:
    """The people this user sees: his own, and those at accounts he sees."""
    return Contact.objects.visible_to(by)


def visible_positions(by: Actor) -> PositionQuerySet:
    """Positions at accounts this user sees."""
    return Position.objects.visible_to(by)


def get_contact(by: Actor, contact_id: int, *, lock: bool = False) -> Contact:
    """One person the user sees. NotFound otherwise."""
    rows = visible_contacts(by)
    rows = rows.select_for_update(no_key=True, of=("self",)) if lock else rows
    contact = rows.select_related("owner", "owner__team").filter(pk=contact_id).first()
    if contact is None:
        raise NotFound
    return contact


def is_visible(by: Actor, contact_id: int) -> bool:
    """Whether the user still sees this person."""
    return visible_contacts(by).filter(pk=contact_id).exists()


def get_position(by: Actor, position_id: int, *, lock: bool = False) -> Position:
    """One position at an account the user sees. NotFound otherwise."""
    rows = visible_positions(by)
    rows = rows.select_for_update(no_key=True, of=("self",)) if lock else rows
    position = rows.select_related("account", "contact").filter(pk=position_id).first()
    if position is None:
        raise NotFound
    return position


def contact_positions(by: Actor, contact: Contact) -> list[Position]:
    """The person's positions at accounts the user sees, present ones first."""
    rows = visible_positions(by).filter(contact=contact).select_related("account")
    return list(rows.order_by(F("ended_on").desc(nulls_first=True), F("started_on").desc(nulls_last=True), "id"))


def positions_elsewhere(contact: Contact, shown: list[Position]) -> int:
    """How many more positions the person has or had, at accounts the user does not see."""
    return Position.objects.filter(contact=contact).count() - len(shown)


def contact_channels(contact: Contact) -> list[ContactChannel]:
    """Ways to reach the person, in the order they were typed."""
    return list(contact.channels.all())


def channels_of(contact_ids: list[int]) -> dict[int, list[dict[str, str]]]:
    """Channels of many people, for a page of them."""
    found: dict[int, list[dict[str, str]]] = {}
    rows = ContactChannel.objects.filter(contact__in=contact_ids).order_by("id")
    for contact_id, kind, label, value in rows.values_list("contact_id", "kind", "label", "value"):
        found.setdefault(contact_id, []).append({"kind": kind, "label": label, "value": value})
    return found


def people_at(by: Actor, account_id: int, *, past: bool = False, limit: int = 200) -> list[Position]:
    """Who works (or, with `past`, worked) at an account the user sees, with channels; by name."""
    found = _people_at(past, limit).rows(by, account_id=account_id)
    prefetch_related_objects(found, Prefetch("contact__channels", queryset=ContactChannel.objects.order_by("id")))
    return found


@cache
def _people_at(past: bool, limit: int) -> Statement[Position]:
    """The pages that show people at an account ask for a handful of limits."""
    order = ["-ended_on", "contact__sort_name"] if past else ["contact__sort_name", "id"]
    return Statement(
        lambda by, account_id: (
            visible_positions(by).filter(account=account_id, ended_on__isnull=not past).order_by(*order)[:limit]
        ),
        brings={
            of: columns_of(model, but=SEARCH_COLUMNS) for of, model in (("contact", Contact), ("account", Account))
        },
    )


def _present(by: User, people: list[int]) -> QuerySet[Position, Any]:
    rows = visible_positions(by).current().filter(one_of("contact_id", people)).order_by("id")
    return rows.values_list("contact_id", "account_id", "account__name", "title", "roles")


def _reached(by: User, people: list[int]) -> QuerySet[ContactChannel, Any]:
    rows = ContactChannel.objects.filter(one_of("contact_id", people)).order_by("id")
    return rows.values_list("contact_id", "kind", "value")


PRESENT, REACHED = Statement(_present), Statement(_reached)


def list_facts(by: User, rows: list[dict[str, Any]]) -> None:
    """Add to rows of a list what each person is now, where one sees it, and how to reach him; two statements."""
    people = {row["id"]: row for row in rows}
    for row in rows:
        row |= {"accounts": [], "title": "", "roles": [], "phone": "", "email": ""}
    for contact, account, name, title, roles in PRESENT.tuples(by, people=list(people)):
        row = people[contact]
        row["accounts"].append((name, account))
        row["title"] = row["title"] or title
        row["roles"] += [role for role in roles if role not in row["roles"]]
    for contact, kind, value in REACHED.tuples(by, people=list(people)):
        if place := REACHED_BY.get(kind):
            people[contact][place] = people[contact][place] or value


def contact_time_line(by: Actor, contact: Contact, *, before: datetime | None = None) -> TimeLine:
    """Audit events of the person and of his positions the user sees, newest first."""
    positions = visible_positions(by).filter(contact=contact).values("pk")
    told = AuditEvent.objects.filter(
        Q(target_type="relationships.contact", target_id=contact.pk)
        | Q(target_type="relationships.position", target_id__in=positions)
    ).select_related("actor")
    if before:
        told = told.filter(at__lt=before)
    return page(of_events(told[: PAGE + 1]))


# ------------------------------------------------------------------ the same person twice


@dataclass(frozen=True)
class SimilarContacts:
    """What the duplicate warning shows: people the user sees, and how many other owners have the very same number."""

    known: list[Contact] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.known or self.elsewhere)


def similar_contacts(by: Actor, *, full_name: str = "", channels: Iterable[str] = (), but: int = 0) -> SimilarContacts:
    """People who may be the one being typed. Out of sight only the same number or address counts, and only its owner is told."""
    keys = {key for value in channels for key in spellings(value) if len(key) >= 6}
    same = (
        set(ContactChannel.objects.filter(compact__in=keys).values_list("contact_id", flat=True)[:10])
        if keys
        else set()
    )
    name = " ".join(full_name.split())
    named: set[int] = set()
    if len(name) >= 2:
        mine = visible_contacts(by)
        exact = mine.alias(lower_name=Lower("full_name")).filter(lower_name=name.lower())
        named = {*exact.values_list("pk", flat=True)[:6], *match(mine, name).values_list("pk", flat=True)[:6]}
    known = list(
        visible_contacts(by)
        .filter(pk__in=same | named)
        .exclude(pk=but)
        .prefetch_related(Prefetch("positions", queryset=visible_positions(by).current().select_related("account")))
        .order_by("sort_name", "id")
    )
    known.sort(key=lambda contact: contact.pk not in same)
    hidden = same - {contact.pk for contact in known} - {but}
    owners = Contact.objects.filter(pk__in=hidden).values_list("owner__full_name", flat=True).distinct()
    return SimilarContacts(known[:6], list(owners[:3]) if hidden else [])


def account_of(by: Actor, account_id: int) -> Account | None:
    """The account a new person is added at, if the user sees it."""
    return Account.objects.visible_to(by).filter(pk=account_id).first()

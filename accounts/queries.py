"""Everything read about accounts. The user comes first; what he may not see does not exist."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from django.core.cache import cache
from django.db import connection
from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts import events
from accounts.models import (
    SEARCH_COLUMNS,
    Account,
    AccountChannel,
    AccountMember,
    AccountNote,
    AccountQuerySet,
    DevelopmentStageChange,
    StageWorkDone,
)
from accounts.rules import credit_code as credit_codes
from accounts.rules import names, stages
from core.channels import spellings
from core.errors import NotFound
from core.models import AuditEvent, Role, User
from core.search import best, match
from core.timeline import PAGE, Happening, TimeLine, of_events, page
from core.users import Actor

TOLD_BY_ROWS = (events.STAGE_CHANGED.code, events.NOTE_ADDED.code)
"""Events whose own rows are on the time line already, with more to read."""


def visible_accounts(by: Actor) -> AccountQuerySet:
    """The accounts this person sees."""
    return Account.objects.visible_to(by)


def visible_account_parts(by: Actor) -> list[AccountQuerySet]:
    """The same accounts in parts, for their ids inside a large statement (`ScopedQuerySet.parts_visible_to`)."""
    return Account.objects.all().parts_visible_to(by)


def get_account(by: Actor, account_id: int, *, lock: bool = False) -> Account:
    """One account the person sees, with owner and team. NotFound otherwise.

    Few have a parent, and what only search reads is long: both are read when asked for.
    """
    rows = visible_accounts(by)
    rows = rows.select_for_update(no_key=True, of=("self",)) if lock else rows
    account = rows.select_related("owner", "team").defer(*SEARCH_COLUMNS).filter(pk=account_id).first()
    if account is None:
        raise NotFound
    return account


def is_visible(by: Actor, account_id: int) -> bool:
    """Whether the person (still) sees the account."""
    return visible_accounts(by).filter(pk=account_id).exists()


# ------------------------------------------------------------------ parts of the record


def account_members(account: Account) -> list[AccountMember]:
    """The account's team (K14), the owner first."""
    members = AccountMember.objects.filter(account=account).select_related("user", "user__team")
    return sorted(members, key=lambda member: (member.user_id != account.owner_id, member.pk))


def get_member(by: Actor, account_id: int, member_id: int, *, lock: bool = False) -> AccountMember:
    """One member of an account the person sees."""
    account = get_account(by, account_id, lock=lock)
    member = AccountMember.objects.filter(account=account, pk=member_id).select_related("user").first()
    if member is None:
        raise NotFound
    member.account = account
    return member


def account_channels(account: Account) -> list[AccountChannel]:
    """Ways to reach the account itself, in the order they were typed."""
    return list(account.channels.all())


def channels_of(account_ids: list[int]) -> dict[int, list[dict[str, str]]]:
    """Channels of many accounts, for a page of them."""
    found: dict[int, list[dict[str, str]]] = {}
    with connection.cursor() as cursor:  # the ORM takes three times as long to say this
        cursor.execute(CHANNELS, [account_ids])
        for account_id, kind, label, value in cursor.fetchall():
            found.setdefault(account_id, []).append({"kind": kind, "label": label, "value": value})
    return found


CHANNELS = "select account_id, kind, label, value from accounts_accountchannel where account_id = any(%s::bigint[]) order by id"


def stage_changes(account: Account, limit: int = 100) -> list[DevelopmentStageChange]:
    """Moves along the eight stages, newest first."""
    return list(DevelopmentStageChange.objects.filter(account=account).select_related("by")[:limit])


def account_notes(account: Account, *, before: datetime | None = None, limit: int = PAGE) -> list[AccountNote]:
    """Notes, newest first."""
    rows = AccountNote.objects.filter(account=account).select_related("by")
    return list((rows.filter(at__lt=before) if before else rows)[:limit])


def subsidiaries(by: Actor, account: Account, limit: int = 25) -> list[Account]:
    """Accounts below this one that the person sees."""
    return list(visible_accounts(by).filter(parent=account).order_by("sort_name", "id")[:limit])


@dataclass(frozen=True)
class WorkLine:
    """One line of a stage's work list for one account."""

    code: str
    text: Any
    done: StageWorkDone | None


@dataclass(frozen=True)
class StageStanding:
    """Where the account stands in its development (K10): the card, its work list, the time in each stage so far."""

    card: stages.StageCard
    work: list[WorkLine]
    following: stages.StageCard | None
    changes: list[DevelopmentStageChange]
    stays: list[stages.Stay]

    @property
    def done(self) -> int:
        return sum(1 for line in self.work if line.done)

    @property
    def days(self) -> int:
        """Days in the present stage."""
        return self.stays[-1].days if self.stays else 0


def stage_standing(account: Account, on: date) -> StageStanding:
    """The account's stage with its work list and history; two statements."""
    card = stages.CARDS[account.development_stage]
    ticks = {tick.work: tick for tick in StageWorkDone.objects.filter(account=account).select_related("by")}
    changes = stage_changes(account)
    moves = [(change.to_stage, timezone.localdate(change.at)) for change in reversed(changes)]
    if not moves or moves[-1][0] != account.development_stage:
        moves = [(account.development_stage, timezone.localdate(account.created_at))]
    return StageStanding(
        card=card,
        work=[WorkLine(work.code, work.text, ticks.get(work.code)) for work in card.work],
        following=stages.CARDS.get(account.development_stage + 1),
        changes=changes,
        stays=stages.stays(moves, on),
    )


def account_time_line(
    account: Account, *, before: datetime | None = None, changes: list[DevelopmentStageChange] | None = None
) -> TimeLine:
    """Notes, stage moves, audit events and changes of its people, newest first; three statements.

    Whoever has read the account's `stage_changes` already, hands them in and saves one.
    """
    notes = account_notes(account, before=before, limit=PAGE + 1)
    moves = _moves(account, before) if changes is None else [change for change in changes if change.from_stage]
    told = AuditEvent.objects.filter(account_id=account.pk).exclude(code__in=TOLD_BY_ROWS).select_related("actor")
    told = told.filter(at__lt=before) if before else told
    return page(
        [_of_note(note) for note in notes],
        [_of_move(move) for move in moves[: PAGE + 1]],
        of_events(told[: PAGE + 1]),
    )


def _moves(account: Account, before: datetime | None) -> list[DevelopmentStageChange]:
    """The newest moves from one stage to another."""
    moves = DevelopmentStageChange.objects.filter(account=account, from_stage__isnull=False).select_related("by")
    return list((moves.filter(at__lt=before) if before else moves)[: PAGE + 1])


def _of_note(note: AccountNote) -> Happening:
    day = note.contacted_on
    return Happening(
        at=note.at,
        title=_("Spoke with them on %(day)s") % {"day": date_format(day, "SHORT_DATE_FORMAT")} if day else _("Note"),
        text=note.body,
        by=str(note.by or ""),
        icon="message" if day else "note",
    )


def _of_move(move: DevelopmentStageChange) -> Happening:
    up = move.from_stage is not None and move.to_stage > move.from_stage
    return Happening(
        at=move.at,
        title=f"{move.get_from_stage_display()} → {move.get_to_stage_display()}",
        text=move.evidence,
        by=str(move.by or ""),
        icon="stairs-up" if up else "stairs-down",
        tone="good" if up else "warn",
    )


# ------------------------------------------------------------------ choices in forms


def possible_owners() -> QuerySet[User]:
    """People who sell: an account can be given to them."""
    sellers = User.objects.filter(is_active=True, role__in=[Role.REP, Role.MANAGER])
    return sellers.select_related("team").order_by("full_name", "id")


def possible_members(account: Account) -> QuerySet[User]:
    """Colleagues who are not on the account's team yet."""
    members = AccountMember.objects.filter(account=account).values("user")
    colleagues = User.objects.filter(is_active=True).exclude(pk__in=members)
    return colleagues.select_related("team").order_by("full_name", "id")


def search_accounts(by: Actor, text: str, limit: int = 8) -> list[Account]:
    """The few visible accounts that fit best what was typed into a picker."""
    return list(best(visible_accounts(by), text, limit))


WALK_VALUES = """
    with recursive found as (
        (select {column} as value from accounts_account where {column} > '' order by {column} limit 1)
        union all
        select (select {column} from accounts_account where {column} > found.value order by {column} limit 1)
        from found where found.value is not null
    )
    select value from found where value is not null limit 300
"""


def known_values(column: Literal["industry", "region"]) -> list[str]:
    """The industries or regions that occur, for choosing in a filter: steps along the index, kept five minutes."""
    key = f"accounts.known.{column}"
    values: list[str] | None = cache.get(key)
    if values is None:
        with connection.cursor() as cursor:
            cursor.execute(WALK_VALUES.format(column=column))
            values = [value for (value,) in cursor.fetchall()]
        cache.set(key, values, 300)
    return values


def chain_of_parents(account: Account) -> set[int]:
    """Ids of the accounts above this one, itself included; ends at a circle."""
    seen = {account.pk}
    parent_id = account.parent_id
    while parent_id and parent_id not in seen:
        seen.add(parent_id)
        parent_id = Account.objects.filter(pk=parent_id).values_list("parent_id", flat=True).first()
    return seen


# ------------------------------------------------------------------ the same firm twice


@dataclass(frozen=True)
class Elsewhere:
    """Somebody else's account of the same name, code or number: who to ask, nothing more."""

    owner: str
    team: str


@dataclass(frozen=True)
class Similar:
    """What the duplicate warning shows."""

    known: list[Account] = field(default_factory=list)
    elsewhere: list[Elsewhere] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.known or self.elsewhere)


def similar_accounts(
    by: Actor, *, name: str = "", credit_code: str = "", channels: Iterable[str] = (), but: int = 0
) -> Similar:
    """Accounts that may be the one being typed.

    Near names are looked for among what the person sees. Beyond that only the very same name, code or number counts,
    and only its owner and team are told.
    """
    same = _same_accounts(name, credit_code, channels)
    near = _near_accounts(by, name)
    known = (
        visible_accounts(by)
        .filter(pk__in=[*same, *near])
        .exclude(pk=but)
        .select_related("owner", "team")
        .order_by("sort_name", "id")
    )
    shown = sorted(known, key=lambda account: account.pk not in same)[:6]
    hidden = same - {account.pk for account in shown} - {but}
    owners = (
        Account.objects.filter(pk__in=hidden)
        .exclude(pk__in=visible_accounts(by).filter(pk__in=hidden).values("pk"))
        .values_list("owner__full_name", "team__name")
    )
    return Similar(shown, [Elsewhere(owner, team or "") for owner, team in owners[:3]] if hidden else [])


def _same_accounts(name: str, credit_code: str, channels: Iterable[str]) -> set[int]:
    """Ids of accounts with this very name, credit code, number or address, whoever's they are."""
    parts: list[QuerySet[Any, Any]] = []
    if code := credit_codes.normal(credit_code):
        parts.append(Account.objects.filter(credit_code=code).values_list("pk", flat=True)[:5])
    if len(plain := names.plain(name)) >= 2:
        core = names.core_of(name)
        spelt = Account.objects.alias(lower_name=Lower("name")).filter(lower_name__in={plain, core})
        parts.append(spelt.values_list("pk", flat=True)[:5])
        parts.append(
            Account.objects.exclude(short_name="")
            .filter(short_name__in={name.strip(), core})
            .values_list("pk", flat=True)[:5]
        )
    keys = {key for value in channels for key in spellings(value) if len(key) >= 6}
    if keys:
        parts.append(AccountChannel.objects.filter(compact__in=keys).values_list("account_id", flat=True)[:5])
    if not parts:
        return set()
    return set(parts[0].union(*parts[1:]))


def _near_accounts(by: Actor, name: str) -> set[int]:
    """Ids of accounts whose name is a beginning of the typed one's core, and of visible ones whose name contains it."""
    core = names.core_of(name)
    if len(core) < 2:
        return set()
    containing = match(visible_accounts(by), core).values_list("pk", flat=True)[:6]
    # Equal names are few, so whose they are is asked afterwards, of these few only.
    beginnings = names.beginnings(name)
    called = Account.objects.alias(lower_name=Lower("name")).filter(lower_name__in=beginnings)
    short = Account.objects.exclude(short_name="").filter(short_name__in=beginnings)
    begun = called.values_list("pk", flat=True)[:20].union(short.values_list("pk", flat=True)[:20])
    return {*containing, *begun}

"""Records that people talk about and put files to, whatever app they belong to.

An app says which of its records are, in its `AppConfig.ready`:

    open_to_talk("prospects.prospect", visible_prospects, news=(events.MOVED.code, events.LOST.code))

The function is the app's own query, so whoever may not see a record sees no word about it either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, Model, OuterRef, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import Cast

from core.errors import NotFound
from core.models import User
from core.teams import with_team_ids
from core.users import SYSTEM, Actor


@dataclass(frozen=True)
class RecordKind:
    """One kind of record: whose rows are whose, and the paths to its name, its owner and the account it belongs to.

    `news` are codes of the events that are told to those who follow such a record.
    """

    type: str
    rows: Callable[[Any], QuerySet[Any, Any]]
    name: str
    owner: str
    account: str
    news: tuple[str, ...]

    @property
    def joined(self) -> list[str]:
        """What is read along with a record, so that its owner costs no statement of its own."""
        return sorted({path.rpartition("__")[0] for path in (self.name, self.owner) if "__" in path})


@dataclass(frozen=True)
class Spoken:
    """A record somebody sees, and what is needed to talk about it."""

    kind: RecordKind
    record: Any

    @property
    def type(self) -> str:
        return self.kind.type

    @property
    def id(self) -> int:
        return int(self.record.pk)

    @property
    def name(self) -> str:
        return str(_follow(self.record, self.kind.name) or self.record)

    @property
    def owner_id(self) -> int | None:
        owner: int | None = _follow(self.record, self.kind.owner) if self.kind.owner else None
        return owner

    @property
    def account_id(self) -> int | None:
        """The account on whose time line it belongs."""
        account: int | None = _follow(self.record, self.kind.account) if self.kind.account else None
        return account

    @property
    def url(self) -> str:
        return str(self.record.get_absolute_url())


KINDS: dict[str, RecordKind] = {}


def open_to_talk(
    record_type: str,
    rows: Callable[[Any], QuerySet[Any, Any]],
    *,
    name: str = "name",
    owner: str = "owner_id",
    account: str = "account_id",
    news: Iterable[str] = (),
) -> None:
    """Records of this type (`app_label.model`) may be commented, followed and given files; `rows(by)` are those one sees."""
    KINDS[record_type] = RecordKind(record_type, rows, name, owner, account, tuple(news))


def get_record(by: Actor, record_type: str, record_id: int) -> Spoken:
    """One record the person sees. NotFound for any other, and for types nobody talks about."""
    kind = KINDS.get(record_type)
    if kind is None:
        raise NotFound
    record = kind.rows(by).select_related(*kind.joined).filter(pk=record_id).first()
    if record is None:
        raise NotFound
    return Spoken(kind, record)


def type_of(record: Model) -> str:
    """A record's type as it stands in addresses and in the trail."""
    return record._meta.label_lower


def who_sees(record_type: str, record_id: int, people: Iterable[User]) -> set[int]:
    """Ids of those of the people who see this record; two statements, however many they are."""
    asked = list(people)
    kind = KINDS[record_type]
    if not asked:
        return set()
    with_team_ids(asked)
    each: list[QuerySet[Any, Any]] = [
        kind.rows(person).order_by().filter(pk=record_id).values_list(Value(person.pk), flat=True) for person in asked
    ]
    together = each[0].union(*each[1:], all=True) if len(each) > 1 else each[0]
    return set(together)


def which_are_seen(person: User, record_type: str, record_ids: Iterable[int]) -> set[int]:
    """Ids of those of the records the person sees."""
    kind = KINDS.get(record_type)
    return (
        set() if kind is None else set(kind.rows(person).filter(pk__in=list(record_ids)).values_list("pk", flat=True))
    )


def record_name(type_column: str = "record_type", id_column: str = "record_id") -> Case:
    """The name of the record a row is about, in SQL."""
    named = [
        When(
            **{type_column: kind.type},
            then=Subquery(
                kind.rows(SYSTEM)
                .order_by()
                .filter(pk=OuterRef(id_column))
                .values_list(Cast(kind.name, TextField()), flat=True)[:1]
            ),
        )
        for kind in KINDS.values()
    ]
    return Case(*named, default=Value(""), output_field=CharField())


def _follow(record: Any, path: str) -> Any:
    for part in path.split("__"):
        record = getattr(record, part, None)
    return record

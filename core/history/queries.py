"""Reading a record's history: audit events and field changes, merged, newest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.formats import localize
from django.utils.translation import gettext as _
from pghistory.core import event_models

from core import audit
from core.errors import NotFound
from core.history import RECORDS
from core.models import AuditEvent, JobRun, User
from core.permissions import require
from core.users import Actor
from core.words import listed

PAGE = 25
SAME_MOMENT = timedelta(seconds=5)  # an action's event and its rows are written in one transaction
NOT_SHOWN = {"id", "version", "created_at", "updated_at"}
NOTHING = "–"


@dataclass(frozen=True)
class FieldChange:
    """One field before and after, in words."""

    label: str
    before: str
    after: str


@dataclass
class Entry:
    """One line of the story: when, who, why, and which fields changed."""

    at: datetime
    by: str
    sentence: str
    icon: str
    changes: list[FieldChange] = field(default_factory=list)


@dataclass(frozen=True)
class History:
    """A page of the story; `older` is the instant before which the next page begins, None at the end."""

    record: Any
    entries: list[Entry]
    older: datetime | None


@dataclass(frozen=True)
class _Edit:
    """What one statement did to the row: the fields before and after, when, by whom."""

    at: datetime
    user_id: int | None
    before: dict[str, Any]
    after: dict[str, Any]


def record_history(by: Actor, record_type: str, record_id: int, *, before: datetime | None = None) -> History:
    """The story of one record the person sees. NotFound for any other, and for types without a history."""
    if record_type not in RECORDS:
        raise NotFound
    record = RECORDS[record_type](by, record_id)
    told = AuditEvent.objects.filter(target_type=record_type, target_id=record_id)
    # The event at which the page before ended comes again, so that its edit is not taken for one without an event.
    events = list((told.filter(at__lte=before) if before else told).order_by("-at", "-id")[: PAGE + 2])
    shown = [event for event in events if before is None or event.at < before]
    older = shown[PAGE - 1].at if len(shown) > PAGE else None
    edits = [edit for edit in _edits(record) if before is None or edit.at < before]
    story = _merged(events, edits, _Words(record, events, edits))
    since = older or datetime.min.replace(tzinfo=UTC)
    return History(
        record, [entry for entry in story if entry.at >= since and (before is None or entry.at < before)], older
    )


def all_events(by: Actor) -> models.QuerySet[AuditEvent]:
    """The whole audit trail, for administrators."""
    require(by, "audit.read")
    return AuditEvent.objects.select_related("actor")


def all_jobs(by: Actor) -> models.QuerySet[JobRun]:
    """What the clock has planned and done."""
    require(by, "jobs.read")
    return JobRun.objects.all()


def _edits(record: models.Model) -> list[_Edit]:
    """Changes of the row itself, newest first: each stored row is the state before a change, the next one the state after."""
    found = []
    for model in event_models(tracks_model=type(record)):
        names = [one.attname for one in type(record)._meta.concrete_fields if _is_kept(model, one)]
        after = {name: getattr(record, name) for name in names}
        rows: Any = model._default_manager.filter(pgh_obj_id=record.pk, pgh_label__startswith="update").order_by(
            "-pgh_id"
        )
        for row in rows.select_related("pgh_context")[:200]:
            before = {name: getattr(row, name) for name in names}
            changed = {name for name in names if before[name] != after[name]}
            if changed:
                user_id = (row.pgh_context.metadata or {}).get("user") if row.pgh_context else None
                found.append(_Edit(row.pgh_created_at, user_id, _only(before, changed), _only(after, changed)))
            after = before
    return found


def _is_kept(model: type[models.Model], one: models.Field[Any, Any]) -> bool:
    return one.name not in NOT_SHOWN and any(kept.attname == one.attname for kept in model._meta.concrete_fields)


def _only(values: dict[str, Any], names: set[str]) -> dict[str, Any]:
    return {name: values[name] for name in values if name in names}


def _merged(events: list[AuditEvent], edits: list[_Edit], words: _Words) -> list[Entry]:
    """Every event with the edit of its moment; edits without an event stand for themselves."""
    free = list(edits)
    entries = []
    for event in events:
        edit = next((edit for edit in free if _belong_together(event, edit)), None)
        if edit is not None:
            free.remove(edit)
        entry = Entry(event.at, words.person(event.actor_id), audit.sentence(event), audit.icon(event))
        entry.changes = words.changes(edit.before, edit.after) if edit else words.told_changes(event)
        entries.append(entry)
    for edit in free:
        changes = words.changes(edit.before, edit.after)
        if changes:
            entries.append(Entry(edit.at, words.person(edit.user_id), _("Fields were changed"), "pencil", changes))
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def _belong_together(event: AuditEvent, edit: _Edit) -> bool:
    """The database dates an edit by the beginning of its transaction, the event comes a little later in it."""
    same_hand = edit.user_id is None or event.actor_id is None or edit.user_id == event.actor_id
    return same_hand and timedelta(0) <= event.at - edit.at <= SAME_MOMENT


class _Words:
    """Field names and values as the reader knows them. Names behind foreign keys are looked up once, kind by kind."""

    def __init__(self, record: models.Model, events: list[AuditEvent], edits: list[_Edit]) -> None:
        self.fields = {one.attname: one for one in record._meta.concrete_fields}
        self.by_name = {one.name: one for one in record._meta.concrete_fields}
        people = {event.actor_id for event in events} | {edit.user_id for edit in edits}
        self.names: dict[type[models.Model], dict[Any, str]] = {User: {}}
        wanted: dict[type[models.Model], set[Any]] = {User: {person for person in people if person}}
        for edit in edits:
            for values in (edit.before, edit.after):
                for name, value in values.items():
                    target = self.fields[name].related_model
                    if isinstance(target, type) and value is not None:
                        wanted.setdefault(target, set()).add(value)
        for model, ids in wanted.items():
            if ids:
                self.names[model] = {row.pk: str(row) for row in model._default_manager.filter(pk__in=ids)}

    def person(self, user_id: int | None) -> str:
        return self.names[User].get(user_id, "") if user_id else ""

    def changes(self, before: dict[str, Any], after: dict[str, Any]) -> list[FieldChange]:
        return [
            FieldChange(self.label(name), self.value(name, before[name]), self.value(name, after[name]))
            for name in before
            if getattr(self.fields[name], "editable", True)
        ]

    def told_changes(self, event: AuditEvent) -> list[FieldChange]:
        """What the event itself tells, where the row is gone or its table keeps no history."""
        before, after = event.details.get("before") or {}, event.details.get("after") or {}
        names = [name for name in dict.fromkeys([*before, *after]) if name not in NOT_SHOWN]
        return [
            FieldChange(self.label(name), self.told(name, before.get(name)), self.told(name, after.get(name)))
            for name in names
            if before.get(name) != after.get(name)
        ]

    def label(self, name: str) -> str:
        one = self.fields.get(name) or self.by_name.get(name)
        text = str(getattr(one, "verbose_name", name.replace("_", " ")))
        return text[:1].upper() + text[1:]

    def value(self, name: str, value: Any) -> str:
        one = self.fields[name]
        target = one.related_model
        if value in (None, "", []):
            return NOTHING
        if isinstance(target, type):
            return self.names.get(target, {}).get(value, f"#{value}")
        return self._plain(one, value)

    def told(self, name: str, value: Any) -> str:
        """A value out of an event's JSON: already text, but codes still want their words."""
        one = self.fields.get(name) or self.by_name.get(name)
        if value in (None, "", []):
            return NOTHING
        if isinstance(one, models.DecimalField):
            value = Decimal(str(value))
        elif isinstance(one, models.DateField) and isinstance(value, str):
            value = one.to_python(value)
        return self._plain(one, value)

    def _plain(self, one: Any, value: Any) -> str:
        choices = dict(getattr(one, "flatchoices", ()) or ())
        if not isinstance(value, Iterable | dict) or isinstance(value, str):
            if value in choices:
                return str(choices[value])
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, list):
            return listed(value)
        return str(localize(value))

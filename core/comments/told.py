"""Whom comments and main events concern, as reminders ask it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from core import audit
from core.models import AuditEvent, Comment, CommentReceiver, Follow, OfRecord, User
from core.records import KINDS, record_name, which_are_seen


def receivers_since(moment: datetime, *, mentioned: bool) -> QuerySet[CommentReceiver, CommentReceiver]:
    """Whom comments since then are for, with the name of the record as `record`; removed ones are for nobody."""
    rows = CommentReceiver.objects.filter(at__gte=moment, is_mentioned=mentioned, comment__removed_at__isnull=True)
    return rows.annotate(record=record_name("comment__record_type", "comment__record_id"))


def news_codes() -> list[str]:
    """Codes of the events that followers of some record are told of."""
    return sorted({code for kind in KINDS.values() for code in kind.news})


def news_in_words(words: Mapping[str, Any]) -> str:
    """The sentence of an event, in the reader's language."""
    return audit.sentence(AuditEvent(code=words.get("code", ""), details=words.get("details") or {}))


def comments_seen(user_id: int, comment_ids: Collection[int]) -> set[int]:
    """Those of the comments whose record this person sees; a statement a kind of record."""
    return _seen(user_id, Comment.objects.filter(pk__in=list(comment_ids)))


def follows_seen(user_id: int, follow_ids: Collection[int]) -> set[int]:
    """Those of his follows that are still on and whose record this person sees."""
    return _seen(user_id, Follow.objects.filter(pk__in=list(follow_ids), is_on=True))


def _seen(user_id: int, rows: Iterable[OfRecord]) -> set[int]:
    person = User.objects.filter(pk=user_id).first()
    if person is None:
        return set()
    by_type: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        by_type[row.record_type][row.record_id].append(row.pk)
    found: set[Any] = set()
    for record_type, records in by_type.items():
        for record_id in which_are_seen(person, record_type, records):
            found.update(records[record_id])
    return found

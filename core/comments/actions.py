"""Every change of the talk about a record: writing, changing and removing a comment, following."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.changes import apply_changes, check_version
from core.comments import events
from core.comments.mentions import named_in
from core.comments.queries import following, get_comment, get_own_comment, people_with_names
from core.errors import Conflict, DomainError, NotAllowed
from core.models import Comment, CommentReceiver, Follow, User
from core.permissions import allowed, require
from core.records import Spoken, get_record, who_sees

LONGEST = 4_000
MOST_MENTIONS = 20


@transaction.atomic
def write_comment(*, by: User, record_type: str, record_id: int, text: str, mentions: Iterable[int] = ()) -> Comment:
    """Write to one's colleagues about a record one sees. The author and who is mentioned follow it from then on.

    `mentions` (ids) says who is meant where colleagues share a name. Raises DomainError for an empty or overlong text
    and for a mention of somebody who may not see the record.
    """
    require(by, "comments.write")
    record = get_record(by, record_type, record_id)
    text = _clean(text)
    mentioned = _mentioned(record, text, mentions)
    comment = Comment.objects.create(
        record_type=record.type, record_id=record.id, account_id=record.account_id, text=text, by=by
    )
    _follow(record, [by.pk], on=True)
    _follow(record, mentioned)
    told = _who_is_there(record, following(record))
    _address(comment, mentioned, told - mentioned)
    _tell(events.COMMENT_WRITTEN, by, comment, record)
    return comment


@transaction.atomic
def edit_comment(
    *, by: User, comment_id: int, text: str, version: int | None = None, mentions: Iterable[int] = ()
) -> Comment:
    """Change one's own words; it says so from then on. Who is mentioned only now is told, who no longer is, is not.

    Raises NotAllowed for somebody else's comment, Conflict (409) over a newer edit and for a removed one.
    """
    require(by, "comments.write")
    comment, record = get_own_comment(by, comment_id, lock=True)
    text = _clean(text)
    check_version(comment, version, {"text": text})
    _refuse_removed(comment)
    mentioned = _mentioned(record, text, mentions)
    _before, after = apply_changes(comment, {"text": text})
    if after:
        comment.edited_at = timezone.now()
        comment.save(update_fields=["edited_at"])
        comment.receivers.filter(is_mentioned=True).exclude(user__in=mentioned).delete()
        _follow(record, mentioned)
        _address(comment, mentioned, set())
        _tell(events.COMMENT_EDITED, by, comment, record)
    return comment


@transaction.atomic
def remove_comment(*, by: User, comment_id: int, version: int | None = None) -> Comment:
    """Take a comment's words away: one's own, or as a manager anybody's. The line stays; nobody is told of it any more."""
    require(by, "comments.write")
    comment, record = get_comment(by, comment_id, lock=True)
    if comment.by_id != by.pk and not allowed(by, "comments.remove"):
        raise NotAllowed("comments.remove")
    check_version(comment, version)
    _refuse_removed(comment)
    apply_changes(comment, {"text": "", "removed_at": timezone.now(), "removed_by": by})
    comment.receivers.all().delete()
    _tell(events.COMMENT_REMOVED, by, comment, record, author=str(comment.by))
    return comment


@transaction.atomic
def follow_record(*, by: User, record_type: str, record_id: int, on: bool = True) -> Follow:
    """Be told of a record's new comments and main events, or no longer. An owner is told of comments in any case."""
    require(by, "comments.write")
    record = get_record(by, record_type, record_id)
    _follow(record, [by.pk], on=on)
    return Follow.objects.get(record_type=record.type, record_id=record.id, user=by)


# ------------------------------------------------------------------ shared


def _clean(text: str) -> str:
    text = "\n".join(line.rstrip() for line in text.replace("\x00", "").strip().splitlines())
    if not text:
        raise DomainError(_("Write something first."), field="text")
    if len(text) > LONGEST:
        raise DomainError(_("A comment has at most %(count)s characters.") % {"count": LONGEST}, field="text")
    return text


def _refuse_removed(comment: Comment) -> None:
    if comment.removed_at:
        raise Conflict(_("This comment was removed."), code="removed")


def _mentioned(record: Spoken, text: str, meant: Iterable[int]) -> set[int]:
    """Ids of the colleagues the text mentions. Each must see the record; of namesakes the one meant, or the one who does."""
    if "@" not in text and "＠" not in text:
        return set()
    named = named_in(text, people_with_names())
    if len(named) > MOST_MENTIONS:
        raise DomainError(
            _("Mention at most %(count)s colleagues in one comment.") % {"count": MOST_MENTIONS}, field="text"
        )
    chosen = set(meant)
    seeing = _who_is_there(record, {pk for ids in named.values() for pk in ids})
    return {_the_one(name, ids, chosen, seeing) for name, ids in named.items()}


def _the_one(name: str, ids: list[int], chosen: set[int], seeing: set[int]) -> int:
    wanted = [pk for pk in ids if pk in chosen] or ids
    fit = [pk for pk in wanted if pk in seeing]
    if not fit:
        raise DomainError(
            _(
                "%(name)s may not see this record, so nobody would be told. Take the @ out, or have %(name)s added to the team."
            )
            % {"name": name},
            field="text",
            code="mention_out_of_sight",
        )
    if len(fit) > 1:
        raise DomainError(
            _("Several colleagues are called %(name)s. Type @ and choose the one you mean from the list.")
            % {"name": name},
            field="text",
            code="mention_unclear",
        )
    return fit[0]


def _who_is_there(record: Spoken, ids: Iterable[int]) -> set[int]:
    """Those of these people who may sign in and see the record."""
    return who_sees(record.type, record.id, User.objects.filter(pk__in=set(ids), is_active=True))


def _address(comment: Comment, mentioned: set[int], others: set[int]) -> None:
    """Write down whom the comment is for, its author excepted. Who is on the list already stays as he is: told once."""
    rows = [
        CommentReceiver(comment=comment, user_id=pk, is_mentioned=pk in mentioned, at=timezone.now())
        for pk in sorted((mentioned | others) - {comment.by_id})
    ]
    CommentReceiver.objects.bulk_create(rows, ignore_conflicts=True)


def _follow(record: Spoken, people: Iterable[int], *, on: bool | None = None) -> None:
    """Have people follow. Without `on` somebody who once said he would rather not stays as he is."""
    rows = [
        Follow(record_type=record.type, record_id=record.id, user_id=pk, is_on=on is not False, at=timezone.now())
        for pk in sorted(people)
    ]
    keys = ["record_type", "record_id", "user"]
    if on is None:
        Follow.objects.bulk_create(rows, ignore_conflicts=True)
    else:
        Follow.objects.bulk_create(rows, update_conflicts=True, unique_fields=keys, update_fields=["is_on"])


def _tell(event: audit.EventType, by: User, comment: Comment, record: Spoken, **details: Any) -> None:
    audit.record(
        event, by=by, on=record.record, account_id=record.account_id, name=record.name, comment=comment.pk, **details
    )

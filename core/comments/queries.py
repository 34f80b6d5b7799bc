"""Everything read about comments. Who does not see the record sees no word about it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Prefetch, QuerySet

from core.comments.mentions import drawn
from core.errors import NotAllowed, NotFound
from core.models import Comment, CommentReceiver, Follow, User
from core.permissions import allowed
from core.readings import fold, initials, reading
from core.records import Spoken, get_record, who_sees
from core.users import Actor

PAGE = 15
OFFERED = 8  # colleagues while one types a name
ASKED = 24  # of whom so many are asked whether they see the record


@dataclass(frozen=True)
class Line:
    """One comment as a person reads it, and what he may do with it."""

    comment: Comment
    html: str
    may_edit: bool
    may_remove: bool


@dataclass(frozen=True)
class Talk:
    """A page of the comments on a record, newest first, and whether the reader follows it.

    `older` is the comment before which the next page begins, None at the end.
    """

    record: Spoken
    lines: list[Line]
    older: int | None
    follows: bool
    is_owner: bool


def comments_of(by: Actor, record_type: str, record_id: int) -> QuerySet[Comment]:
    """The comments on one record the person sees. NotFound for any other record."""
    get_record(by, record_type, record_id)
    return of_record(record_type, record_id)


def of_record(record_type: str, record_id: int) -> QuerySet[Comment]:
    """The comments on a record that was asked for before."""
    return Comment.objects.filter(record_type=record_type, record_id=record_id)


def get_comment(by: Actor, comment_id: int, *, lock: bool = False) -> tuple[Comment, Spoken]:
    """One comment and the record it is about, if the person sees that. NotFound otherwise."""
    rows = Comment.objects.select_related("by")
    rows = rows.select_for_update(no_key=True, of=("self",)) if lock else rows
    comment = rows.filter(pk=comment_id).first()
    if comment is None:
        raise NotFound
    return comment, get_record(by, comment.record_type, comment.record_id)


def get_own_comment(by: Actor, comment_id: int, *, lock: bool = False) -> tuple[Comment, Spoken]:
    """The same of what one wrote oneself. NotAllowed for what somebody else wrote."""
    comment, record = get_comment(by, comment_id, lock=lock)
    if comment.by_id != by.pk:
        raise NotAllowed("comments.edit")
    return comment, record


def talk(by: User, record: Spoken, *, before: int | None = None, around: int | None = None) -> Talk:
    """A page of a record's comments; three statements. With `around` the page reaches back to that comment."""
    rows = of_record(record.type, record.id).select_related("by", "removed_by").order_by("-id")
    rows = rows.prefetch_related(Prefetch("receivers", CommentReceiver.objects.select_related("user")))
    rows = rows.filter(id__lt=before) if before else rows
    limit = PAGE
    if around:
        limit = max(PAGE, min(rows.filter(id__gte=around).count(), 10 * PAGE))
    found = list(rows[: limit + 1])
    follow = Follow.objects.filter(record_type=record.type, record_id=record.id, user=by).first()
    return Talk(
        record,
        [line(by, comment) for comment in found[:limit]],
        found[limit - 1].pk if len(found) > limit else None,
        bool(follow and follow.is_on),
        record.owner_id == by.pk,
    )


def line(by: User, comment: Comment) -> Line:
    """One comment for this reader."""
    there = comment.removed_at is None
    own = comment.by_id == by.pk
    return Line(
        comment,
        drawn(comment.text, [receiver.user.full_name for receiver in comment.receivers.all()]) if there else "",
        may_edit=there and own and allowed(by, "comments.write"),
        may_remove=there and (own or allowed(by, "comments.remove")),
    )


# ------------------------------------------------------------------ whom it may be for


def mentionable(by: User, record: Spoken, typed: str) -> list[User]:
    """Colleagues whose name, pinyin, initials or mail address begin so and who see the record; those of one's team first."""
    sought = fold(typed).replace(" ", "")
    people = User.objects.filter(is_active=True).exclude(pk=by.pk).order_by("full_name", "id")
    fitting = [person for person in people if _fits(person, sought)]
    fitting.sort(key=lambda person: person.team_id != by.team_id)
    asked = fitting[:ASKED]
    seeing = who_sees(record.type, record.id, asked)
    return [person for person in asked if person.pk in seeing][:OFFERED]


def people_with_names() -> list[tuple[int, str]]:
    """Everybody who may sign in."""
    return list(User.objects.filter(is_active=True).values_list("id", "full_name"))


def following(record: Spoken) -> set[int]:
    """Ids of those who want to be told of this record, its owner among them."""
    rows = Follow.objects.filter(record_type=record.type, record_id=record.id, is_on=True)
    return {*rows.values_list("user_id", flat=True), *([record.owner_id] if record.owner_id else [])}


def own_follows(by: Actor) -> QuerySet[Follow]:
    """What this person follows."""
    return Follow.objects.filter(user=by.pk, is_on=True)


def get_follow(by: Actor, follow_id: int) -> tuple[Follow, Spoken]:
    """One of the person's own follows and its record, if he sees that (still). NotFound otherwise."""
    follow = Follow.objects.filter(user=by.pk, pk=follow_id).first()
    if follow is None:
        raise NotFound
    return follow, get_record(by, follow.record_type, follow.record_id)


def _fits(person: User, sought: str) -> bool:
    return not sought or any(spelling.startswith(sought) for spelling in _spellings(person.full_name, person.email))


@lru_cache(maxsize=10_000)
def _spellings(name: str, email: str) -> tuple[str, ...]:
    """What somebody may begin to type for a colleague; also from his second word on."""
    folded = fold(name)
    read = reading(folded, person=True)
    words = folded.split()
    later = [" ".join(words[place:]).replace(" ", "") for place in range(1, len(words))]
    return (folded.replace(" ", ""), read.replace(" ", ""), initials(read), fold(email), *later)

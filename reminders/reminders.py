"""What the house itself reminds people of: what somebody asked for, finished imports, and what colleagues write to them."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Value
from django.db.models.functions import Left, Replace
from django.utils.translation import gettext_lazy as _

from core.comments import events as comments
from core.comments.told import comments_seen, follows_seen, news_codes, news_in_words, receivers_since
from core.imports import events as imports
from core.models import ImportJob, ImportState
from reminders.choices import Channel, Importance
from reminders.registry import Facts, Look, ReminderRule, declare_rule, facts, facts_of_sql, reminder, words_of

LATELY = timedelta(days=2)
A_MONTH = timedelta(days=30)
"""How long a comment is news."""
A_WEEK = timedelta(days=7)
BEGINNING = 140  # characters of a comment that a reminder shows

declare_rule(
    ReminderRule(
        "reminders.asked",
        title=_("Reminder"),
        sentence=_("{text}"),
        why=_("You or a colleague asked for this reminder."),
        settles=False,
    )
)


@reminder(
    "core.import_finished",
    title=_("Import finished"),
    sentence=_("{file}: {state}"),
    why=_("You brought this file in."),
    icon="file-import",
    subject="core.importjob",
    url="core:import",
    channels=(Channel.IN_APP,),
    told_of=(imports.IMPORT_DONE.code,),
    settles=False,
    translated=frozenset({"state"}),
)
def import_finished(look: Look) -> Facts:
    """A file has been brought in, or could not be."""
    over = ImportJob.objects.filter(
        state__in=[ImportState.DONE, ImportState.FAILED], finished_at__gte=look.now - LATELY, by__isnull=False
    )
    return facts(
        over, receiver="by_id", moment="finished_at", file="file_name", state=words_of("state", ImportState.choices)
    )


def _comments(look: Look, *, mentioned: bool) -> Facts:
    """One fact a comment and person, so that he is told once however often the text is changed."""
    return facts(
        receivers_since(look.now - A_MONTH, mentioned=mentioned),
        receiver="user_id",
        about="comment_id",
        moment="at",
        slot=Value("once"),
        account="comment__account_id",
        by="comment__by__full_name",
        record="record",
        text=Replace(Left("comment__text", BEGINNING), Value("\n"), Value(" ")),
    )


OF_A_COMMENT = (comments.COMMENT_WRITTEN.code, comments.COMMENT_EDITED.code, comments.COMMENT_REMOVED.code)


@reminder(
    "core.mention",
    title=_("Mentioned"),
    sentence=_("{by} mentions you, {record}: {text}"),
    why=_("A colleague wrote @ and your name in a comment."),
    icon="at",
    subject="core.comment",
    url="core:comment",
    told_of=OF_A_COMMENT,
    sees=comments_seen,
)
def mentioned(look: Look) -> Facts:
    """Somebody wants one to read what he wrote."""
    return _comments(look, mentioned=True)


@reminder(
    "core.comment",
    title=_("Comment on what you follow"),
    sentence=_("{by} writes, {record}: {text}"),
    why=_("You follow this record or own it."),
    icon="message",
    subject="core.comment",
    url="core:comment",
    importance=Importance.LOW,
    channels=(Channel.IN_APP,),
    told_of=OF_A_COMMENT,
    sees=comments_seen,
)
def commented(look: Look) -> Facts:
    """Somebody wrote about a record one follows or owns."""
    return _comments(look, mentioned=False)


@reminder(
    "core.followed",
    title=_("News of what you follow"),
    sentence=_("{event}"),
    why=_("You follow this record."),
    icon="bell-ringing",
    subject="core.follow",
    url="core:followed",
    importance=Importance.LOW,
    channels=(Channel.IN_APP,),
    settles=False,
    sees=follows_seen,
    says=news_in_words,
)
def followed(look: Look) -> Facts:
    """Another class, another owner, won, lost: by somebody else, since one follows it."""
    return facts_of_sql(
        """
        select f.user_id, f.id, 'event-' || e.id, null::date, e.at, e.account_id, null::date,
               jsonb_build_object('code', e.code, 'details', e.details)
        from core_follow f join core_auditevent e on e.target_type = f.record_type and e.target_id = f.record_id
        where f.is_on and e.at >= %s and e.at >= f.at and e.code = any(%s) and e.actor_id is distinct from f.user_id
        """,
        [look.now - A_WEEK, news_codes()],
    )

"""A reminder, or a morning's bundle of them, in words for outside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import ngettext

from core.models import User
from reminders.models import Occurrence
from reminders.queries.lines import Line, lines
from reminders.rules.links import FINISH, TOMORROW, sign_link

MOST_LETTERS = 120


@dataclass(frozen=True)
class Item:
    """One reminder and its addresses outside."""

    line: Line
    why: str
    open_url: str
    finish_url: str
    tomorrow_url: str
    paper_url: str = ""
    gist: Sequence[str] = ()


@dataclass(frozen=True)
class Message:
    """What is told, in the language that is active."""

    recipient: User
    items: list[Item]
    settings_url: str
    list_url: str

    @property
    def subject(self) -> str:
        """One line: the reminder itself, or how many there are this morning."""
        if len(self.items) == 1:
            return _shortened(self.items[0].line.text)
        count = len(self.items)
        day = date_format(timezone.localtime().date(), "SHORT_DATE_FORMAT")
        return ngettext("%(count)s reminder, %(day)s", "%(count)s reminders, %(day)s", count) % {
            "count": count,
            "day": day,
        }

    @property
    def text(self) -> str:
        """For a chat: each reminder with its address."""
        if len(self.items) == 1:
            item = self.items[0]
            return "\n".join(filter(None, (_kind(item.line), item.open_url)))
        return "\n".join(f"• {item.line.text}\n  {item.open_url}" for item in self.items)


def message_of(recipient: User, occurrences: Sequence[Occurrence]) -> Message:
    """The message for this person. Call it in his language and time zone."""
    return Message(
        recipient=recipient,
        items=[_item(line, recipient) for line in lines(occurrences)],
        settings_url=_outside(reverse("reminders:preferences")),
        list_url=_outside(reverse("reminders:list_reminders")),
    )


def zone_of(recipient: User) -> ZoneInfo:
    """The person's clock."""
    return ZoneInfo(recipient.time_zone or settings.TIME_ZONE)


def _item(line: Line, recipient: User) -> Item:
    pk = line.pk
    return Item(
        line=line,
        why=str(line.rule.why) if line.rule else "",
        open_url=_outside(reverse("reminders:open_reminder", args=[pk])),
        finish_url=_outside(
            line.act_url
            if line.is_done_by_act
            else reverse("reminders:follow_link", args=[sign_link(FINISH, pk, recipient.pk)])
        ),
        tomorrow_url=_outside(reverse("reminders:follow_link", args=[sign_link(TOMORROW, pk, recipient.pk)])),
        paper_url=_outside(line.paper_url) if line.paper else "",
        gist=_gist(line, recipient),
    )


def _gist(line: Line, recipient: User) -> Sequence[str]:
    """The main lines of the page that goes with it, as its receiver may see them."""
    subject_id = line.occurrence.subject_id
    return line.paper.gist(recipient, subject_id) if line.paper and subject_id else ()


def _outside(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def _kind(line: Line) -> str:
    return " · ".join(filter(None, (line.title, line.came)))


def _shortened(text: str) -> str:
    """On one line: a subject bears no break."""
    line = " ".join(text.split())
    return line if len(line) <= MOST_LETTERS else f"{line[: MOST_LETTERS - 1]}…"

"""Links in mails that do one thing without signing in: signed, for one person, one reminder, one verb, two weeks long.

A mail scanner opens every link it finds. So opening shows a page with a button, and only the button does it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.core import signing

LIFE: Final = timedelta(days=14)
SALT: Final = "reminders.link"
FINISH: Final = "finish"
TOMORROW: Final = "tomorrow"
VERBS: Final = (FINISH, TOMORROW)


@dataclass(frozen=True)
class Link:
    """What a link may do."""

    verb: str
    occurrence_id: int
    user_id: int


class LinkOver(Exception):
    """The link is older than two weeks, or was never ours."""


def sign_link(verb: str, occurrence_id: int, user_id: int) -> str:
    """The last part of the link's address."""
    return signing.dumps([verb, occurrence_id, user_id], salt=SALT)


def read_link(token: str) -> Link:
    """What the link may do. LinkOver for one that is too old or was tampered with."""
    try:
        verb, occurrence_id, user_id = signing.loads(token, salt=SALT, max_age=LIFE)
    except (signing.BadSignature, ValueError) as error:
        raise LinkOver from error
    return Link(verb, occurrence_id, user_id)

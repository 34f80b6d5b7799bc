"""The library of excuses and answers (C8, assurance §2.6)."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.changes import apply_changes, check_version
from core.errors import DomainError
from core.permissions import require
from core.users import Actor
from dunning import events
from dunning.models import Excuse
from dunning.queries.excuses import get_excuse
from dunning.rules.wording import apologies

EXCUSE_FIELDS = ("cause", "says", "says_zh", "reply", "reply_zh", "law", "law_zh", "next_action")
"""What an excuse consists of."""
SPOKEN = ("says", "says_zh", "reply", "reply_zh")


@transaction.atomic
def add_excuse(*, by: Actor, **fields: Any) -> Excuse:
    """Add an excuse with its answer (EXCUSE_FIELDS). DomainError: words missing in a language, an answer that begs pardon."""
    require(by, "dunning.set_ladder")
    excuse = Excuse(**_known(fields))
    _check(excuse)
    excuse.save()
    audit.record(events.EXCUSE_ADDED, by=by, on=excuse, says=excuse.says)
    return excuse


@transaction.atomic
def edit_excuse(*, by: Actor, excuse_id: int, version: int | None = None, **changes: Any) -> Excuse:
    """Change an excuse in use or its answer. Conflict (409) over somebody's newer edit."""
    require(by, "dunning.set_ladder")
    excuse = get_excuse(by, excuse_id, lock=True)
    check_version(excuse, version, changes)
    _check(Excuse(**{name: getattr(excuse, name) for name in EXCUSE_FIELDS} | _known(changes)))
    before, after = apply_changes(excuse, changes)
    if after:
        audit.record(events.EXCUSE_EDITED, by=by, on=excuse, says=excuse.says, before=before, after=after)
    return excuse


@transaction.atomic
def retire_excuse(*, by: Actor, excuse_id: int) -> Excuse:
    """Take an excuse out of the list."""
    require(by, "dunning.set_ladder")
    excuse = get_excuse(by, excuse_id, lock=True)
    apply_changes(excuse, {"is_active": False})
    audit.record(events.EXCUSE_RETIRED, by=by, on=excuse, says=excuse.says)
    return excuse


def _known(fields: dict[str, Any]) -> dict[str, Any]:
    if unknown := set(fields) - set(EXCUSE_FIELDS):
        raise TypeError(f"an excuse has no {', '.join(sorted(unknown))}")
    return fields


def _check(excuse: Excuse) -> None:
    for field in SPOKEN:
        if not getattr(excuse, field).strip():
            raise DomainError(_("An excuse and its answer are written in both languages."), field=field)
    if bool(excuse.law.strip()) != bool(excuse.law_zh.strip()):
        raise DomainError(_("Name the law in both languages, or in none."), field="law" if excuse.law_zh else "law_zh")
    for field in ("reply", "reply_zh"):
        if found := apologies(getattr(excuse, field)):
            raise DomainError(
                _("“%(phrase)s”: we are entitled to the money; leave that out.") % {"phrase": found[0]},
                field=field,
                code="apology",
            )

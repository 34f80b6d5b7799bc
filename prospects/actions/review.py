"""The weekly review (P4): a verdict on every card, and what it leads to, in one step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.changes import check_version
from core.errors import DomainError
from core.models import User
from core.permissions import require
from prospects import events
from prospects.actions.common import require_open
from prospects.actions.moves import close_prospect, move_prospect
from prospects.choices import Outcome, Stage, Verdict
from prospects.models import ReviewVerdict
from prospects.queries.prospects import get_prospect
from prospects.rules.criteria import Evidence


@transaction.atomic
def review_prospect(
    *,
    by: User,
    prospect_id: int,
    verdict: Verdict,
    version: int | None = None,
    note: str = "",
    to: Stage | None = None,
    ticks: Iterable[Evidence] = (),
    facts: Mapping[str, Any] | None = None,
    override: bool = False,
    outcome: Outcome = Outcome.LOST,
    reason: str = "",
    competitor: str = "",
    on: date | None = None,
) -> ReviewVerdict:
    """Store the verdict on one card and do what it says.

    Up and down move it, by one class unless `to` names another, under the rules of `move_prospect` (up from A: won);
    close takes it off the board as `close_prospect` does (`reason`: why it was lost). `note` is what was said and, going
    down or overriding, the reason. If the move is refused the verdict is not stored either.
    """
    require(by, "prospects.review")
    verdict = Verdict(verdict)
    prospect = get_prospect(by, prospect_id, lock=True)
    check_version(prospect, version, {"verdict": verdict.value})
    require_open(prospect)
    stage = Stage(prospect.stage)
    if verdict == Verdict.CLOSE:
        prospect = close_prospect(
            by=by, prospect_id=prospect_id, outcome=outcome, on=on, reason=reason, competitor=competitor, note=note,
            ticks=ticks, override=override,
        )  # fmt: skip
    elif verdict != Verdict.SAME:
        prospect = move_prospect(
            by=by, prospect_id=prospect_id, to=_target(stage, verdict, to), ticks=ticks, facts=facts, reason=note,
            override=override,
        )  # fmt: skip
    now = timezone.now()
    prospect.last_reviewed_at = now
    prospect.save(update_fields=["last_reviewed_at"])
    row = ReviewVerdict.objects.create(
        prospect=prospect, verdict=verdict, stage=stage, note=note.strip()[:500], by=by, at=now
    )
    audit.record(
        events.REVIEWED,
        by=by,
        on=prospect,
        account_id=prospect.account_id,
        name=prospect.name,
        verdict=verdict.value,
        stage=stage.letter,
        note=note.strip(),
    )
    return row


def _target(stage: Stage, verdict: Verdict, to: Stage | None) -> Stage:
    """The class the verdict leads to; refused when it lies on the wrong side."""
    target = Stage(to) if to is not None else (stage.next_up if verdict == Verdict.UP else stage.next_down)
    if target is None or (target > stage) != (verdict == Verdict.UP) or target == stage:
        raise DomainError(
            _("There is no class above.") if verdict == Verdict.UP else _("There is no class below."), field="to"
        )
    return target

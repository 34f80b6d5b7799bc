"""The rungs of the ladder and their wordings (C11)."""

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
from dunning.choices import StepChannel, StepOwner
from dunning.models import LadderStep
from dunning.queries.messages import get_step
from dunning.rules.wording import PLACEHOLDERS, apologies, unknown_placeholders

STEP_FIELDS = (
    "days", "channel", "doer", "name", "name_zh", "subject", "subject_zh", "body", "body_zh", "with_statement",
    "proposes_hold", "is_formal",
)  # fmt: skip
"""What a rung consists of."""
WORDINGS = ("subject", "subject_zh", "body", "body_zh")
EARLIEST, LATEST = -60, 730


@transaction.atomic
def add_ladder_step(*, by: Actor, **fields: Any) -> LadderStep:
    """Add a rung (STEP_FIELDS). DomainError: a second one of the day and channel, a letter without words, an unknown placeholder."""
    require(by, "dunning.set_ladder")
    step = LadderStep(**_known(fields))
    _check(step)
    step.save()
    audit.record(events.LADDER_STEP_ADDED, by=by, on=step, name=step.name, days=step.days)
    return step


@transaction.atomic
def edit_ladder_step(*, by: Actor, step_id: int, version: int | None = None, **changes: Any) -> LadderStep:
    """Change a rung in use. Letters already proposed keep their words. Conflict (409) over somebody's newer edit."""
    require(by, "dunning.set_ladder")
    step = get_step(step_id, lock=True)
    check_version(step, version, changes)
    _refuse_retired(step)
    _check(LadderStep(pk=step.pk, **{name: getattr(step, name) for name in STEP_FIELDS} | _known(changes)))
    before, after = apply_changes(step, changes)
    if after:
        audit.record(events.LADDER_STEP_EDITED, by=by, on=step, name=step.name, before=before, after=after)
    return step


@transaction.atomic
def retire_ladder_step(*, by: Actor, step_id: int) -> LadderStep:
    """Take a rung out of the ladder. Letters made from it stay; it is kept to say what they were."""
    require(by, "dunning.set_ladder")
    step = get_step(step_id, lock=True)
    _refuse_retired(step)
    apply_changes(step, {"is_active": False})
    audit.record(events.LADDER_STEP_RETIRED, by=by, on=step, name=step.name, days=step.days)
    return step


def check_wordings(wordings: dict[str, str]) -> None:
    """Raise DomainError for a placeholder nobody fills in, or an apology for asking (C8)."""
    for field, text in wordings.items():
        if unknown := unknown_placeholders(text):
            known = " ".join(f"{{{name}}}" for name in PLACEHOLDERS)
            raise DomainError(
                _("%(unknown)s is not filled in. There are: %(known)s.") % {"unknown": unknown[0], "known": known},
                field=field,
                code="unknown_placeholder",
            )
        if found := apologies(text):
            raise DomainError(
                _("“%(phrase)s”: we are entitled to the money; leave that out.") % {"phrase": found[0]},
                field=field,
                code="apology",
            )


def _known(fields: dict[str, Any]) -> dict[str, Any]:
    if unknown := set(fields) - set(STEP_FIELDS):
        raise TypeError(f"a rung has no {', '.join(sorted(unknown))}")
    return fields


def _check(step: LadderStep) -> None:
    is_written = step.channel in {StepChannel.MAIL, StepChannel.LETTER}
    if not EARLIEST <= step.days <= LATEST:
        raise DomainError(_("From 60 days before the due date to two years after it."), field="days")
    for field in ("name", "name_zh"):
        if not getattr(step, field).strip():
            raise DomainError(_("Name the rung in both languages."), field=field)
    if not is_written and (step.is_formal or step.with_statement):
        raise DomainError(_("Only a letter or an e-mail carries a statement or is a formal demand."), field="channel")
    if is_written and step.doer != StepOwner.SYSTEM:
        raise DomainError(_("Letters are prepared by the program and looked at before they leave."), field="doer")
    for field in WORDINGS if is_written else ():
        if not getattr(step, field).strip():
            raise DomainError(_("A letter needs its words in both languages."), field=field)
    check_wordings({field: getattr(step, field) for field in WORDINGS})
    others = LadderStep.objects.filter(days=step.days, channel=step.channel, is_active=True).exclude(pk=step.pk)
    if others.exists():
        raise DomainError(_("There is a rung of this kind on that day already."), field="days", code="taken")


def _refuse_retired(step: LadderStep) -> None:
    if not step.is_active:
        raise DomainError(_("This rung was taken out of the ladder."), code="retired")

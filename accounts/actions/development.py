"""K10: moving along the eight stages, and ticking off the work of each."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import events
from accounts.models import DevelopmentStageChange, StageWorkDone
from accounts.queries import get_account
from accounts.rules import stages
from core import audit
from core.changes import apply_changes, check_version
from core.errors import DomainError
from core.permissions import require
from core.users import Actor, as_row


@transaction.atomic
def change_development_stage(
    *, by: Actor, account_id: int, to_stage: int, evidence: str, version: int | None = None
) -> DevelopmentStageChange:
    """Move the account one stage up or any number down. The evidence is kept with the move; DomainError without it."""
    require(by, "accounts.change_stage")
    account = get_account(by, account_id, lock=True)
    check_version(account, version, {"development_stage": to_stage})
    evidence = stages.require_move(account.development_stage, to_stage, evidence)
    change = DevelopmentStageChange.objects.create(
        account=account,
        from_stage=account.development_stage,
        to_stage=to_stage,
        evidence=evidence,
        by=as_row(by),
        at=timezone.now(),
    )
    before, after = apply_changes(account, {"development_stage": to_stage})
    audit.record(
        events.STAGE_CHANGED,
        by=by, on=account, account_id=account.pk, before=before, after=after, name=account.name, evidence=evidence,
    )  # fmt: skip
    return change


@transaction.atomic
def tick_stage_work(*, by: Actor, account_id: int, work: str) -> None:
    """Tick one line of a stage's work list. Ticking it again changes nothing."""
    account = get_account(_may_work(by), account_id, lock=True)
    text = _text_of(work)
    _tick, new = StageWorkDone.objects.get_or_create(account=account, work=work, defaults={"by": as_row(by)})
    if new:
        audit.record(events.STAGE_WORK_DONE, by=by, on=account, account_id=account.pk, work=text, code=work)


@transaction.atomic
def untick_stage_work(*, by: Actor, account_id: int, work: str) -> None:
    """Take a tick back."""
    account = get_account(_may_work(by), account_id, lock=True)
    text = _text_of(work)
    removed, _rows = StageWorkDone.objects.filter(account=account, work=work).delete()
    if removed:
        audit.record(events.STAGE_WORK_UNDONE, by=by, on=account, account_id=account.pk, work=text, code=work)


def _may_work(by: Actor) -> Actor:
    require(by, "accounts.change_stage")
    return by


def _text_of(code: str) -> str:
    if code not in stages.WORK_OF:
        raise DomainError(_("There is no such work."), field="work")
    return next(str(work.text) for work in stages.CARDS[stages.WORK_OF[code]].work if work.code == code)

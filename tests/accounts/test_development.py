"""Moving along the eight stages (K10)."""

import pytest

from accounts import actions, queries
from core.errors import Conflict, DomainError, NotAllowed, NotFound
from core.models import AuditEvent
from core.workdays import today
from tests.factories import make_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(rep):
    return make_account(rep, "Acme")


def test_a_move_is_a_row_with_its_evidence(account, rep):
    change = actions.change_development_stage(
        by=rep, account_id=account.pk, to_stage=2, evidence="Met Ms Wang on 3 March", version=1
    )
    account.refresh_from_db()
    assert (account.development_stage, account.version) == (2, 2)
    assert (change.from_stage, change.to_stage, change.by) == (1, 2, rep)
    assert AuditEvent.objects.get().details["after"] == {"development_stage": 2}
    standing = queries.stage_standing(account, today())
    assert standing.card.stage == 2
    assert standing.following.stage == 3
    assert standing.days == 0


def test_move_refusals(account, rep, executive, other_rep):
    with pytest.raises(NotAllowed):
        actions.change_development_stage(by=executive, account_id=account.pk, to_stage=2, evidence="Met Ms Wang")
    with pytest.raises(NotFound):
        actions.change_development_stage(by=other_rep, account_id=account.pk, to_stage=2, evidence="Met Ms Wang")
    with pytest.raises(DomainError):
        actions.change_development_stage(by=rep, account_id=account.pk, to_stage=3, evidence="Met Ms Wang")
    with pytest.raises(Conflict):
        actions.change_development_stage(by=rep, account_id=account.pk, to_stage=2, evidence="Met Ms Wang", version=9)
    account.refresh_from_db()
    assert account.development_stage == 1


def test_work_is_ticked_once_and_can_be_taken_back(account, rep):
    for _again in range(2):
        actions.tick_stage_work(by=rep, account_id=account.pk, work="scan.find")
    standing = queries.stage_standing(account, today())
    assert [(line.code, bool(line.done)) for line in standing.work][:2] == [
        ("scan.find", True),
        ("scan.collect", False),
    ]
    assert standing.done == 1
    actions.untick_stage_work(by=rep, account_id=account.pk, work="scan.find")
    assert queries.stage_standing(account, today()).done == 0
    assert AuditEvent.objects.count() == 2


def test_tick_refusals(account, rep, executive, other_rep):
    for action in (actions.tick_stage_work, actions.untick_stage_work):
        with pytest.raises(NotAllowed):
            action(by=executive, account_id=account.pk, work="scan.find")
        with pytest.raises(NotFound):
            action(by=other_rep, account_id=account.pk, work="scan.find")
        with pytest.raises(DomainError):
            action(by=rep, account_id=account.pk, work="scan.dance")

"""What was heard at an account: findings, and landmines shared with the team (R4, R7)."""

import pytest
from django.urls import reverse

from core.errors import Conflict, DomainError, NotAllowed, NotFound
from core.models import AuditEvent
from relationships import actions, queries
from relationships.choices import FindingKind
from relationships.models import Finding, Landmine
from tests.factories import make_account, make_landmine, make_visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(rep):
    return make_account(rep, "Acme")


def test_a_landmine_warns_until_it_is_cleared(rep, manager, account, as_user):
    landmine = actions.lay_landmine(by=rep, account_id=account.pk, text=" Wang and  Zhang do not get on ")
    assert queries.landmines_at(manager, account.pk) == [landmine]
    page = as_user(manager).get(reverse("visits:landmines", args=[account.pk]))
    assert "Wang and Zhang do not get on" in page.text
    with pytest.raises(DomainError) as refusal:
        actions.lay_landmine(by=manager, account_id=account.pk, text="wang and zhang do not get on")
    assert refusal.value.code == "duplicate"
    cleared = actions.clear_landmine(by=manager, landmine_id=landmine.pk, because="Zhang left", version=1)
    assert (cleared.cleared_by, queries.landmines_at(rep, account.pk)) == (manager, [])
    with pytest.raises(DomainError):
        actions.clear_landmine(by=manager, landmine_id=landmine.pk, because="again")
    assert list(AuditEvent.objects.order_by("id").values_list("code", flat=True)) == [
        "relationships.landmine_laid",
        "relationships.landmine_cleared",
    ]


def test_a_finding_stands_at_the_account_and_on_its_visit(rep, account):
    visit = make_visit(rep, account)
    finding = actions.note_finding(
        by=rep, account_id=account.pk, kind=FindingKind.COMPETITOR, text="Offers 8 % less", visit_id=visit.pk
    )
    assert queries.findings_at(rep, account.pk) == [finding] == queries.findings_of_visit(rep, visit)
    assert AuditEvent.objects.get().account_id == account.pk


def test_refusals(rep, other_rep, collector, account):
    landmine = make_landmine(account)
    elsewhere = make_visit(rep, make_account(rep))
    for action, values in (
        (actions.lay_landmine, {"account_id": account.pk, "text": "x"}),
        (actions.note_finding, {"account_id": account.pk, "kind": "need", "text": "x"}),
        (actions.clear_landmine, {"landmine_id": landmine.pk, "because": "x"}),
    ):
        with pytest.raises(NotAllowed):
            action(by=collector, **values)
        with pytest.raises(NotFound):
            action(by=other_rep, **values)
    with pytest.raises(Conflict):
        actions.clear_landmine(by=rep, landmine_id=landmine.pk, because="x", version=9)
    for wrong in ({"text": "  "}, {"text": "x" * 301}, {"kind": "gossip"}, {"visit_id": elsewhere.pk}):
        with pytest.raises(DomainError):
            actions.note_finding(by=rep, account_id=account.pk, **{"kind": "need", "text": "x", **wrong})
    with pytest.raises(DomainError):
        actions.clear_landmine(by=rep, landmine_id=landmine.pk, because=" ")
    assert (Finding.objects.count(), Landmine.objects.filter(cleared_at=None).count()) == (0, 1)

"""Opening an account."""

import pytest

from accounts import actions
from accounts.choices import MemberRole
from accounts.models import Account
from core.errors import DomainError, NotAllowed, NotFound
from core.models import AuditEvent
from tests.factories import make_account

pytestmark = pytest.mark.django_db


def test_a_new_account_belongs_to_who_adds_it(rep):
    account = actions.add_account(
        by=rep,
        name="  华为技术  有限公司 ",
        credit_code="9144 0300 1922 038216",
        tags=["5G", "5g", " 深圳 "],
        channels=[{"kind": "phone", "label": "", "value": " 0755 2878 0808 "}, {"kind": "email", "value": ""}],
    )
    account.refresh_from_db()
    assert (account.name, account.credit_code, account.tags) == (
        "华为技术 有限公司",
        "914403001922038216",
        ["5G", "深圳"],
    )
    assert (account.owner, account.team) == (rep, rep.team)
    assert [(m.user, m.role) for m in account.members.all()] == [(rep, MemberRole.OWNER)]
    assert [c.value for c in account.channels.all()] == ["0755 2878 0808"]
    assert [c.to_stage for c in account.stage_changes.all()] == [1]
    assert AuditEvent.objects.get(account_id=account.pk).code == "accounts.account_added"
    assert account.sort_name


def test_a_manager_may_give_it_to_a_rep_at_once(manager, rep):
    account = actions.add_account(by=manager, name="Acme", owner=rep)
    assert account.owner == rep
    assert account.team == rep.team


def test_a_rep_cannot_add_for_somebody_else(rep, colleague):
    with pytest.raises(DomainError) as refusal:
        actions.add_account(by=rep, name="Acme", owner=colleague)
    assert refusal.value.field == "owner"


def test_finance_and_executives_add_no_accounts(collector, executive):
    for person in (collector, executive):
        with pytest.raises(NotAllowed):
            actions.add_account(by=person, name="Acme")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "Acme", "credit_code": "911101085513850820"}, "credit_code"),
        ({"name": "Acme", "tags": ["x" * 41]}, "tags"),
        ({"name": "Acme", "channels": [{"kind": "email", "value": "nobody"}]}, "channels"),
        ({"name": "Acme", "channels": [{"kind": "pigeon", "value": "grey one"}]}, "channels"),
    ],
)
def test_wrong_input_is_refused_and_nothing_is_kept(rep, values, field):
    with pytest.raises(DomainError) as refusal:
        actions.add_account(by=rep, **values)
    assert refusal.value.field == field
    assert not Account.objects.exists()


def test_a_parent_one_cannot_see_does_not_exist(rep, other_rep):
    with pytest.raises(NotFound):
        actions.add_account(by=rep, name="Acme", parent=make_account(other_rep))


def test_a_credit_code_names_one_account_only(rep):
    make_account(rep, "小米", credit_code="91110108551385082Q")
    with pytest.raises(DomainError) as refusal:
        actions.add_account(by=rep, name="Xiaomi", credit_code="91110108551385082q")
    assert (refusal.value.field, refusal.value.code) == ("credit_code", "duplicate")
    assert refusal.value.message == "小米 has this code already."


def test_a_code_of_another_team_names_its_owner_only(rep, other_rep):
    make_account(other_rep, "小米", credit_code="91110108551385082Q")
    with pytest.raises(DomainError) as refusal:
        actions.add_account(by=rep, name="Xiaomi", credit_code="91110108551385082Q")
    assert refusal.value.message == "An account of Sun Nan has this code already. Ask there before you add it."


def test_a_manager_of_another_team_may_not_be_told_more_either(other_manager, rep):
    make_account(rep, "Acme", code="A-1")
    with pytest.raises(DomainError) as refusal:
        actions.add_account(by=other_manager, name="Acme", code="A-1")
    assert "Acme" not in refusal.value.message

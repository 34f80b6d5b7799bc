"""Which rows exist for whom: every role against own, team's and others' (design decision 10)."""

import pytest

from accounts.choices import MemberRole
from accounts.models import Account, AccountMember
from core.models import User
from core.users import SYSTEM
from prospects.models import Prospect
from relationships.models import Contact
from tests.factories import make_account, make_contact, make_prospect

SEES = {
    "rep": {"own"},
    "manager": {"own", "team"},
    "director": {"own", "team", "other"},
    "other_rep": {"other"},
    "other_manager": {"other"},
    "collector": {"own", "team", "other"},
    "executive": {"own", "team", "other"},
    "administrator": {"own", "team", "other"},
}


@pytest.fixture
def rows(rep: User, colleague: User, other_rep: User) -> None:
    for owner, name in [(rep, "own"), (colleague, "team"), (other_rep, "other")]:
        account = make_account(owner, name)
        make_contact(owner, account, name)
        make_prospect(owner, account, name)


@pytest.mark.parametrize("who", SEES)
@pytest.mark.usefixtures("rows")
def test_each_role_sees_its_rows_and_no_other(who: str, request: pytest.FixtureRequest) -> None:
    user = request.getfixturevalue(who)
    for rows in (Account.objects, Prospect.objects):
        assert {row.name for row in rows.visible_to(user)} == SEES[who]
        assert {row.name for part in rows.all().parts_visible_to(user) for row in part} == SEES[who]
    assert {row.full_name for row in Contact.objects.visible_to(user)} == SEES[who]


def test_a_member_of_the_account_team_sees_the_account_its_people_and_its_prospects(rep: User, other_rep: User) -> None:
    account = make_account(other_rep, "Shared")
    make_contact(other_rep, account)
    make_prospect(other_rep, account)
    assert not Account.objects.visible_to(rep)
    AccountMember.objects.create(account=account, user=rep, role=MemberRole.TECHNICAL)
    assert Account.objects.visible_to(rep).count() == 1
    assert Contact.objects.visible_to(rep).count() == 1
    assert Prospect.objects.visible_to(rep).count() == 1


def test_a_prospect_without_account_belongs_to_its_owner_and_his_manager(
    rep: User, manager: User, other_rep: User
) -> None:
    make_prospect(rep)
    assert [Prospect.objects.visible_to(who).count() for who in (rep, manager, other_rep)] == [1, 1, 0]


def test_a_manager_without_a_team_sees_only_what_is_shared_with_him(manager: User, rep: User) -> None:
    make_account(rep)
    manager.team = None
    manager.__dict__.pop("team_ids", None)
    assert not Account.objects.visible_to(manager)


def test_the_program_itself_sees_everything(rep: User, other_rep: User) -> None:
    make_account(rep)
    make_account(other_rep)
    assert Account.objects.visible_to(SYSTEM).count() == 2

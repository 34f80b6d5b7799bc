"""Campaigns (V2): opening one, its accounts, what counts, who sees what, closing."""

import json
from datetime import UTC, date, datetime

import pytest
from django.urls import reverse, reverse_lazy

from core.errors import Conflict, DomainError, NotAllowed, NotFound
from core.models import AuditEvent
from core.users import SYSTEM
from relationships import actions, queries
from relationships.models import CampaignTarget, VisitCampaign
from tests.factories import make_account, make_visit

pytestmark = pytest.mark.django_db
DAYS = {"starts_on": date(2031, 3, 3), "ends_on": date(2031, 3, 28)}
WITHIN, AFTER = datetime(2031, 3, 10, 1, tzinfo=UTC), datetime(2031, 3, 28, 16, 30, tzinfo=UTC)  # 29 March in Shanghai
WRITTEN_UP = {"outcome": "Shown", "next_step": "Offer", "next_step_on": date(2031, 4, 1)}


@pytest.fixture
def account(rep):
    return make_account(rep, "Acme")


@pytest.fixture
def campaign(manager, north):
    return actions.add_campaign(by=manager, name="Spring round", purpose="New line", team_id=north.pk, **DAYS)


def made(owner, account, at=WITHIN, **fields):
    """A visit that took place and was written up."""
    return make_visit(owner, account, at=at, recorded_at=at, **(WRITTEN_UP | fields))


def test_a_manager_sends_out_his_team(manager, rep, colleague, campaign, account):
    other = make_account(colleague, "Globex")
    added = actions.add_targets(by=manager, campaign_id=campaign.pk, account_ids=[account.pk, other.pk])
    assert {(target.account, target.rep) for target in added} == {(account, rep), (other, colleague)}
    assert not actions.add_targets(by=manager, campaign_id=campaign.pk, account_ids=[account.pk])
    assert actions.assign_target(by=manager, campaign_id=campaign.pk, account_id=other.pk, rep_id=rep.pk).rep == rep
    actions.remove_target(by=manager, campaign_id=campaign.pk, account_id=account.pk)
    told = list(AuditEvent.objects.order_by("id").values_list("code", flat=True))
    assert told == [
        "relationships.campaign_added", "relationships.targets_added", "relationships.target_assigned",
        "relationships.target_removed",
    ]  # fmt: skip


def test_what_names_the_campaign_or_has_its_purpose_counts_within_its_days(manager, rep, campaign, account):
    other = make_account(rep, "Globex")
    actions.edit_campaign(by=manager, campaign_id=campaign.pk, visits_each=2)
    actions.add_targets(by=manager, campaign_id=campaign.pk, account_ids=[account.pk, other.pk])
    made(rep, account, purpose="new LINE")
    made(rep, account, purpose="New line", at=AFTER)
    made(rep, account, purpose="Complaint")
    made(rep, other, campaign=campaign)
    made(rep, other, campaign=campaign)
    made(rep, other, campaign=campaign)
    make_visit(rep, account, at=WITHIN, campaign=campaign)
    make_visit(rep, account, at=WITHIN, campaign=campaign, cancelled_at=WITHIN)
    standing = queries.standings([campaign])[campaign.pk]
    assert (standing.wanted, standing.made, standing.planned, standing.done) == (4, 3, 1, 1)
    assert [(target.account, target.made, target.planned) for target in standing.open_targets] == [("Acme", 1, 1)]
    assert standing.open_targets[0].next_on == date(2031, 3, 10)


def test_a_visit_is_planned_and_recorded_for_a_campaign_that_wants_the_account(manager, rep, campaign, account):
    with pytest.raises(DomainError) as refusal:
        actions.plan_visit(by=manager, account_id=make_account(manager).pk, at=WITHIN, campaign_id=campaign.pk)
    assert refusal.value.field == "campaign"
    with pytest.raises(NotFound):  # he goes to none of its accounts, so it does not exist for him
        actions.plan_visit(by=rep, account_id=account.pk, at=WITHIN, campaign_id=campaign.pk)
    actions.add_targets(by=manager, campaign_id=campaign.pk, account_ids=[account.pk])
    visit = actions.plan_visit(by=rep, account_id=account.pk, at=WITHIN, campaign_id=campaign.pk)
    assert visit.campaign == campaign
    assert [target.account for target in queries.campaigns_at(rep, account.pk, date(2031, 3, 28))] == [account]
    assert not queries.campaigns_at(rep, account.pk, date(2031, 3, 29))


def test_a_closed_campaign_stays_as_it_is(manager, campaign, account):
    with pytest.raises(Conflict):
        actions.close_campaign(by=manager, campaign_id=campaign.pk, version=9)
    closed = actions.close_campaign(by=manager, campaign_id=campaign.pk, conclusion="Two want an offer", version=1)
    assert (closed.is_open, closed.closed_by, closed.conclusion) == (False, manager, "Two want an offer")
    for change in (
        lambda: actions.edit_campaign(by=manager, campaign_id=campaign.pk, name="Again"),
        lambda: actions.add_targets(by=manager, campaign_id=campaign.pk, account_ids=[account.pk]),
        lambda: actions.close_campaign(by=manager, campaign_id=campaign.pk),
    ):
        with pytest.raises(DomainError, match="closed"):
            change()


def test_who_may_not(rep, other_manager, other_rep, campaign, account, north):
    for by, refusal in ((rep, NotAllowed), (other_manager, NotFound)):
        for change in (
            lambda by=by: actions.edit_campaign(by=by, campaign_id=campaign.pk, name="Mine"),
            lambda by=by: actions.add_targets(by=by, campaign_id=campaign.pk, account_ids=[account.pk]),
            lambda by=by: actions.assign_target(by=by, campaign_id=campaign.pk, account_id=account.pk, rep_id=rep.pk),
            lambda by=by: actions.remove_target(by=by, campaign_id=campaign.pk, account_id=account.pk),
            lambda by=by: actions.close_campaign(by=by, campaign_id=campaign.pk),
        ):
            with pytest.raises(refusal):
                change()
    with pytest.raises(NotAllowed):
        actions.add_campaign(by=rep, name="Mine", purpose="Any", team_id=north.pk, **DAYS)
    with pytest.raises(DomainError) as elsewhere:
        actions.add_campaign(by=other_manager, name="Theirs", purpose="Any", team_id=north.pk, **DAYS)
    assert elsewhere.value.field == "team"
    CampaignTarget.objects.create(campaign=campaign, account=make_account(other_manager), rep=other_manager)
    with pytest.raises(NotAllowed):  # he goes out for it, and sees it, but the team is not his
        actions.edit_campaign(by=other_manager, campaign_id=campaign.pk, name="Mine")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"purpose": ""}, "purpose"),
        ({"ends_on": date(2031, 3, 2)}, "ends_on"),
        ({"ends_on": date(2032, 3, 28)}, "ends_on"),
        ({"visits_each": 0}, "visits_each"),
    ],
)
def test_what_a_campaign_says(manager, campaign, changes, field):
    with pytest.raises(DomainError) as refusal:
        actions.edit_campaign(by=manager, campaign_id=campaign.pk, **changes)
    assert refusal.value.field == field


def test_wrong_accounts_and_people(manager, other_rep, campaign, account):
    with pytest.raises(NotFound):
        actions.add_targets(by=manager, campaign_id=campaign.pk, account_ids=[make_account(other_rep).pk])
    with pytest.raises(DomainError) as refusal:
        actions.add_targets(by=manager, campaign_id=campaign.pk, account_ids=[account.pk], rep_id=other_rep.pk)
    assert refusal.value.field == "rep"
    with pytest.raises(DomainError):
        actions.add_campaign(by=SYSTEM, name="Nobody's", purpose="Any", team_id=campaign.team_id, **DAYS)


CHOOSE = reverse_lazy("visits:choose_campaign")


def test_chosen_accounts_go_to_a_campaign_once(as_user, manager, rep, colleague, other_rep, campaign, account):
    client, other = as_user(manager), make_account(colleague, "Globex")
    actions.add_targets(by=manager, campaign_id=campaign.pk, account_ids=[account.pk])
    address = f"{CHOOSE}?id={account.pk}&id={other.pk}&id={other.pk}"
    assert "2 accounts; the owner of each goes there." in client.get(address).text
    done = client.post(address, {"campaign": campaign.pk}, headers={"HX-Request": "true"})
    assert json.loads(done["HX-Trigger"])["toast"]["message"] == "1 account added. 1 was on the list already."
    assert sorted(campaign.targets.values_list("account__name", "rep__full_name")) == [
        ("Acme", "Li Lei"), ("Globex", "Han Meimei"),
    ]  # fmt: skip
    hidden = make_account(other_rep, "Initech")
    for words in (f"id={account.pk}&id={hidden.pk}", f"id={hidden.pk}"):
        assert client.get(f"{CHOOSE}?{words}").status_code == 404
        assert client.post(f"{CHOOSE}?{words}", {"campaign": campaign.pk}).status_code == 404
    assert client.get(CHOOSE).status_code == 422
    assert client.post(address, {"campaign": 0}).status_code == 422
    assert as_user(rep).get(address).status_code == 403
    assert campaign.targets.count() == 2


def test_all_that_the_list_finds_goes_to_a_campaign(as_user, manager, rep, colleague, other_rep, campaign, monkeypatch):
    make_account(rep, "Acme", tier="vip")
    make_account(colleague, "Globex", tier="vip")
    make_account(colleague, "Initech", tier="small")
    make_account(other_rep, "Hooli", tier="vip")
    page = as_user(manager).get(reverse("accounts:list_accounts"), {"tier": "vip", "sort": "-name"}).text
    address = f"{CHOOSE}?all=1&tier=vip"
    assert address.replace("&", "&amp;") in page
    assert as_user(manager).post(address, {"campaign": campaign.pk}).status_code == 302
    assert set(campaign.targets.values_list("account__name", flat=True)) == {"Acme", "Globex"}
    assert as_user(manager).post(f"{CHOOSE}?all=1&q=Init", {"campaign": campaign.pk}).status_code == 302
    assert campaign.targets.count() == 3
    monkeypatch.setattr("relationships.views.campaign_accounts.MOST_TARGETS", 2)
    assert as_user(manager).get(f"{CHOOSE}?all=1").status_code == 422


def test_only_who_leads_visits_chooses_rows(as_user, manager, rep, campaign, account, executive):
    accounts = reverse("accounts:list_accounts")
    assert f'name="id" value="{account.pk}"' in as_user(manager).get(accounts).text
    for person in (rep, executive):
        page = as_user(person).get(accounts).text
        assert "Acme" in page
        assert 'name="id"' not in page
    actions.close_campaign(by=manager, campaign_id=campaign.pk)
    assert "No campaign is running" in as_user(manager).get(f"{CHOOSE}?id={account.pk}").text


def test_pages(as_user, manager, rep, colleague, other_rep, campaign, account):
    client = as_user(manager)
    page = reverse("visits:campaign", args=[campaign.pk])
    assert "No accounts yet" in client.get(page).text
    make_account(colleague, "Globex", tier="vip")
    make_account(colleague, "Initech", tier="small")
    chosen = {"owners": [colleague.pk], "tiers": ["vip"]}
    assert client.post(reverse("visits:add_targets", args=[campaign.pk]), chosen).status_code == 302
    assert client.post(reverse("visits:add_targets", args=[campaign.pk]), {"account": account.pk}).status_code == 302
    shown = client.get(page).text
    assert "Acme" in shown
    assert "Globex" in shown
    assert "Initech" not in shown
    own = as_user(rep).get(page).text
    assert "Acme" in own
    assert "Globex" not in own
    assert "1 account of colleagues is counted" in own
    assert "Spring round" in as_user(rep).get(reverse("visits:list_campaigns")).text
    assert as_user(other_rep).get(page).status_code == 404
    new = {"name": "Autumn", "purpose": "Service", "team": manager.team_id, "visits_each": 1, **DAYS}
    assert client.post(reverse("visits:add_campaign"), new).status_code == 302
    assert client.post(reverse("visits:close_campaign", args=[campaign.pk]), {"version": 1}).status_code == 302
    assert VisitCampaign.objects.running().get().name == "Autumn"

"""Handing over an account with all that the former owner has there: one action, one event a record."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.actions import transfer_account
from core.errors import DomainError
from core.models import AuditEvent
from core.workdays import today
from relationships.actions import add_position
from relationships.models import VisitAttendee
from tests.factories import make_account, make_campaign, make_contact, make_prospect, make_visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(rep):
    return make_account(rep, "Acme")


def test_his_open_prospects_and_contacts_go_along(account, director, rep, other_rep):
    contact, prospect = make_contact(rep, account, "Wang Fang"), make_prospect(rep, account, "Line 3")
    transfer_account(by=director, account_id=account.pk, owner=other_rep, with_records=True)
    contact.refresh_from_db()
    prospect.refresh_from_db()
    assert (contact.owner, prospect.owner, prospect.team) == (other_rep, other_rep, other_rep.team)
    told = AuditEvent.objects.filter(account_id=account.pk).values_list("code", "details__name")
    assert set(told) == {
        ("accounts.account_transferred", "Acme"),
        ("relationships.contact_transferred", "Wang Fang"),
        ("prospects.transferred", "Line 3"),
    }


def test_what_is_closed_or_somebody_elses_stays(account, director, rep, colleague, other_rep):
    closed = make_prospect(rep, account, outcome="lost", closed_on=today())
    others = make_prospect(colleague, account)
    elsewhere = make_prospect(rep, make_account(rep, "Globex"))
    friend = make_contact(colleague, account)
    transfer_account(by=director, account_id=account.pk, owner=other_rep, with_records=True)
    for record, owner in ((closed, rep), (others, colleague), (elsewhere, rep), (friend, colleague)):
        record.refresh_from_db()
        assert record.owner == owner


def test_a_person_at_two_accounts_of_his_stays_with_him(account, director, rep, other_rep):
    contact = make_contact(rep, account)
    add_position(by=rep, contact_id=contact.pk, account_id=make_account(rep, "Globex").pk)
    transfer_account(by=director, account_id=account.pk, owner=other_rep, with_records=True)
    contact.refresh_from_db()
    assert contact.owner == rep


def test_without_the_tick_they_keep_their_owner(account, director, rep, other_rep):
    contact, prospect = make_contact(rep, account), make_prospect(rep, account)
    transfer_account(by=director, account_id=account.pk, owner=other_rep)
    contact.refresh_from_db()
    prospect.refresh_from_db()
    assert contact.owner == prospect.owner == rep


def test_all_or_nothing_when_the_new_owner_does_not_sell(account, director, rep, collector):
    contact, _prospect = make_contact(rep, account), make_prospect(rep, account)
    with pytest.raises(DomainError) as refusal:
        transfer_account(by=director, account_id=account.pk, owner=collector, with_records=True)
    assert refusal.value.field == "owner"
    account.refresh_from_db()
    contact.refresh_from_db()
    assert account.owner == contact.owner == rep
    assert not AuditEvent.objects.exists()


def test_the_form_offers_it_ticked(account, as_user, director, rep, other_rep):
    prospect = make_prospect(rep, account)
    client, address = as_user(director), reverse("accounts:transfer_account", args=[account.pk])
    assert client.get(address).context["form"]["with_records"].initial is True
    client.post(address, {"owner": other_rep.pk, "with_records": "on", "version": "1"})
    prospect.refresh_from_db()
    assert prospect.owner == other_rep


def test_his_planned_visits_go_along(account, director, rep, colleague, other_rep):
    ahead = make_visit(rep, account)
    VisitAttendee.objects.create(visit=ahead, colleague=other_rep)
    over = make_visit(rep, account, at=timezone.now() - timedelta(hours=2))
    others = make_visit(colleague, account)
    target = make_campaign(director, account, rep).targets.get()
    transfer_account(by=director, account_id=account.pk, owner=other_rep, with_records=True)
    for visit, owner in ((ahead, other_rep), (over, rep), (others, colleague)):
        visit.refresh_from_db()
        assert visit.owner == owner
    target.refresh_from_db()
    assert (target.rep, ahead.attendees.count()) == (other_rep, 0)
    told = AuditEvent.objects.get(code="relationships.visit_transferred")
    assert (told.account_id, told.details["from_owner"], told.details["to_owner"]) == (account.pk, "Li Lei", "Sun Nan")


def test_visits_are_not_handed_to_who_makes_none(account, director, rep, collector):
    visit = make_visit(rep, account)
    with pytest.raises(DomainError) as refusal:
        transfer_account(by=director, account_id=account.pk, owner=collector, with_records=True)
    visit.refresh_from_db()
    assert (refusal.value.field, visit.owner) == ("owner", rep)

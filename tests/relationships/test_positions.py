"""What a person is at an account, from when to when."""

from datetime import date

import pytest
from django.db.models import ProtectedError
from django.urls import reverse

from core.errors import Conflict, DomainError, NotAllowed, NotFound
from core.models import AuditEvent
from relationships import actions, queries
from relationships.models import Position
from tests.factories import make_account, make_contact

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(rep):
    return make_account(rep, "Acme")


@pytest.fixture
def contact(rep, account):
    return make_contact(rep, account, "Wang Fang")


def test_a_person_changes_employer_and_both_stay_readable(contact, account, rep):
    old = contact.positions.get()
    actions.end_position(by=rep, position_id=old.pk, ended_on=date(2026, 3, 31), version=1)
    new = actions.add_position(
        by=rep,
        contact_id=contact.pk,
        account_id=make_account(rep, "Globex").pk,
        title="CTO",
        started_on=date(2026, 4, 1),
    )
    assert queries.contact_positions(rep, contact) == [new, old]
    assert queries.people_at(rep, account.pk) == []
    assert queries.people_at(rep, account.pk, past=True) == [old]
    assert list(AuditEvent.objects.order_by("id").values_list("code", flat=True)) == [
        "relationships.position_ended",
        "relationships.position_added",
    ]


def test_who_left_may_come_back(contact, account, rep):
    actions.end_position(by=rep, position_id=contact.positions.get().pk, ended_on=date(2025, 1, 1))
    actions.add_position(by=rep, contact_id=contact.pk, account_id=account.pk, started_on=date(2026, 1, 1))
    assert contact.positions.count() == 2


def test_one_present_position_per_account(contact, account, rep):
    with pytest.raises(DomainError) as refusal:
        actions.add_position(by=rep, contact_id=contact.pk, account_id=account.pk, title="Director")
    assert refusal.value.message == "Wang Fang has a present position at Acme already."
    assert Position.objects.count() == 1


def test_an_edit_says_before_and_after(contact, rep):
    position = contact.positions.get()
    edited = actions.edit_position(by=rep, position_id=position.pk, version=1, roles=["coach"], title=" CEO ")
    assert (edited.title, edited.roles, edited.version) == ("CEO", ["coach"], 2)
    assert AuditEvent.objects.get().details["after"] == {"title": "CEO", "roles": ["coach"]}


def test_refusals(contact, account, rep, other_rep, collector):
    position = contact.positions.get()
    for action, values in (
        (actions.edit_position, {"title": "CEO"}),
        (actions.end_position, {"ended_on": date(2026, 1, 1)}),
        (actions.delete_position, {}),
    ):
        with pytest.raises(NotAllowed):
            action(by=collector, position_id=position.pk, **values)
        with pytest.raises(NotFound):
            action(by=other_rep, position_id=position.pk, **values)
        with pytest.raises(Conflict):
            action(by=rep, position_id=position.pk, version=3, **values)
    with pytest.raises(NotAllowed):
        actions.add_position(by=collector, contact_id=contact.pk, account_id=account.pk)
    with pytest.raises(NotFound):
        actions.add_position(by=rep, contact_id=contact.pk, account_id=make_account(other_rep).pk)
    with pytest.raises(NotFound):
        actions.add_position(by=other_rep, contact_id=contact.pk, account_id=make_account(other_rep).pk)


@pytest.mark.parametrize(
    "values", [{"started_on": date(2026, 2, 1), "ended_on": date(2026, 1, 1)}, {"roles": ["king"]}]
)
def test_wrong_input_is_refused(contact, rep, values):
    with pytest.raises(DomainError):
        actions.edit_position(by=rep, position_id=contact.positions.get().pk, **values)


def test_an_ended_position_ends_once(contact, rep):
    position = contact.positions.get()
    actions.end_position(by=rep, position_id=position.pk, ended_on=date(2026, 1, 1))
    with pytest.raises(DomainError):
        actions.end_position(by=rep, position_id=position.pk, ended_on=date(2026, 2, 1))


def test_a_position_entered_by_mistake_is_deleted_and_the_trail_keeps_what_it_said(contact, account, rep):
    position = contact.positions.get()
    actions.delete_position(by=rep, position_id=position.pk, version=1)
    assert not contact.positions.exists()
    event = AuditEvent.objects.get(code="relationships.position_deleted")
    assert (event.target_id, event.account_id, event.details["account"]) == (position.pk, account.pk, "Acme")
    actions.add_position(by=rep, contact_id=contact.pk, account_id=account.pk)  # and may be entered rightly


def test_a_position_that_others_name_is_not_deleted(contact, rep, monkeypatch):
    def refuse(*_args):
        raise ProtectedError("named elsewhere", set())

    monkeypatch.setattr("django.db.models.query.QuerySet.delete", refuse)
    with pytest.raises(DomainError) as refusal:
        actions.delete_position(by=rep, position_id=contact.positions.get().pk)
    assert refusal.value.code == "in_use"
    assert not AuditEvent.objects.exists()


def test_who_loses_sight_of_a_person_lands_on_the_list(as_user, rep, colleague):
    position = make_contact(colleague, make_account(rep, "Globex")).positions.get()
    answer = as_user(rep).post(reverse("relationships:delete_position", args=[position.pk]), {"version": "1"})
    assert answer.url == reverse("relationships:list_contacts")

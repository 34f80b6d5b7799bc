"""People: adding, editing, the duplicate warning, the time line."""

import pytest

from core.errors import Conflict, DomainError, NotAllowed, NotFound
from core.models import AuditEvent
from relationships import actions, queries
from relationships.models import Contact
from tests.factories import make_account, make_contact

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(rep):
    return make_account(rep, "Acme")


def test_a_person_is_added_with_a_position_and_channels(account, rep):
    contact = actions.add_contact(
        by=rep,
        full_name=" 单  雄信 ",
        salutation="单总",
        preferred_language="zh-hans",
        account_id=account.pk,
        position={"title": "Purchasing manager", "department": "Purchasing", "roles": ["coach", "decider"]},
        channels=[{"kind": "mobile", "label": "work", "value": "138 0013 8000"}],
    )
    position = contact.positions.get()
    assert contact.full_name == "单 雄信"
    assert (position.account, position.title, position.roles) == (account, "Purchasing manager", ["decider", "coach"])
    assert contact.channels.get().compact == "13800138000"
    assert list(AuditEvent.objects.order_by("id").values_list("code", "account_id")) == [
        ("relationships.contact_added", account.pk),
        ("relationships.position_added", account.pk),
    ]


def test_add_refusals(account, rep, other_rep, collector, colleague):
    with pytest.raises(NotAllowed):
        actions.add_contact(by=collector, full_name="Wang Fang")
    with pytest.raises(NotFound):
        actions.add_contact(by=other_rep, full_name="Wang Fang", account_id=account.pk)
    for values in (
        {"full_name": " "},
        {"full_name": "Wang", "owner": colleague},
        {"full_name": "Wang", "channels": [{"kind": "email", "value": "x"}]},
        {"full_name": "Wang", "account_id": account.pk, "position": {"roles": ["king"]}},
    ):
        with pytest.raises(DomainError):
            actions.add_contact(by=rep, **values)
    assert not Contact.objects.exists()


def test_an_edit_keeps_what_was_there_before(rep, account):
    contact = make_contact(rep, account, "Wang Fang")
    edited = actions.edit_contact(
        by=rep, contact_id=contact.pk, version=1, full_name="Wang Fangfang",
        channels=[{"kind": "wechat", "label": "", "value": "wff"}],
    )  # fmt: skip
    assert edited.version == 2
    details = AuditEvent.objects.get().details
    assert details["before"] == {"full_name": "Wang Fang", "channels": ""}
    assert details["after"] == {"full_name": "Wang Fangfang", "channels": "wff"}
    edited.refresh_from_db()
    assert edited.sort_name.startswith("wang fangfang")


def test_edit_refusals(rep, account, other_rep, executive, colleague):
    contact = make_contact(rep, account, "Wang Fang")
    make_contact(rep, full_name="Zhao", code="Z-1")
    with pytest.raises(NotAllowed):
        actions.edit_contact(by=executive, contact_id=contact.pk, notes="x")
    with pytest.raises(NotFound):
        actions.edit_contact(by=other_rep, contact_id=contact.pk, notes="x")
    with pytest.raises(DomainError):
        actions.edit_contact(by=rep, contact_id=contact.pk, code="Z-1")
    with pytest.raises(Conflict):
        actions.edit_contact(by=rep, contact_id=contact.pk, version=4, notes="x")


def test_a_contact_is_handed_over_by_its_owner_or_a_manager(rep, account, colleague, manager):
    contact = make_contact(rep, account, "Wang Fang")
    assert actions.edit_contact(by=rep, contact_id=contact.pk, owner=colleague).owner == colleague
    with pytest.raises(DomainError) as refusal:
        actions.edit_contact(by=rep, contact_id=contact.pk, owner=rep)
    assert refusal.value.field == "owner"
    assert actions.edit_contact(by=manager, contact_id=contact.pk, owner=rep).owner == rep


def test_people_of_a_shared_account_are_shared(rep, account, other_rep):
    contact = make_contact(rep, account, "Wang Fang")
    assert not queries.visible_contacts(other_rep).exists()
    account.members.create(user=other_rep, role="technical")
    assert queries.get_contact(other_rep, contact.pk) == contact


def test_a_number_finds_the_person_whose_it_is(rep, other_rep):
    mine = actions.add_contact(by=rep, full_name="Wang Fang", channels=[{"kind": "mobile", "value": "138 0013 8000"}])
    assert queries.similar_contacts(rep, channels=["+86 13800138000"]).known == [mine]
    assert queries.similar_contacts(rep, full_name="wang fang").known == [mine]
    hidden = queries.similar_contacts(other_rep, full_name="Wang Fang", channels=["13800138000"])
    assert (hidden.known, hidden.elsewhere) == ([], ["Li Lei"])
    assert not queries.similar_contacts(other_rep, full_name="Wang Fang")
    assert not queries.similar_contacts(rep, full_name="Wang Fang", but=mine.pk)


def test_the_time_line_tells_of_positions_one_sees_only(rep, other_rep):
    contact = actions.add_contact(by=rep, full_name="Wang Fang", account_id=make_account(rep, "Acme").pk)
    far = make_account(other_rep, "Far")
    far.members.create(user=rep, role="sales")
    actions.add_position(by=rep, contact_id=contact.pk, account_id=far.pk, title="Adviser")
    far.members.filter(user=rep).delete()
    titles = [happening.title for happening in queries.contact_time_line(rep, contact).happenings]
    assert titles == ["Wang Fang has a position at Acme: –", "Contact Wang Fang was added"]
    shown = queries.contact_positions(rep, contact)
    assert [position.account.name for position in shown] == ["Acme"]
    assert queries.positions_elsewhere(contact, shown) == 1

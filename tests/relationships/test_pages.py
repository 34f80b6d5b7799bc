"""The pages of people at accounts: answers, refusals, statements."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from relationships import actions
from relationships.models import Contact
from tests.factories import make_account, make_contact

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(rep):
    return make_account(rep, "Acme")


@pytest.fixture
def contact(rep, account):
    return make_contact(rep, account, "单雄信")


def url(name, *args):
    return reverse(f"relationships:{name}", args=args)


def test_the_list_shows_whom_one_sees_with_account_roles_and_numbers(as_user, rep, other_rep, account):
    actions.add_contact(
        by=rep, full_name="王芳", account_id=account.pk, position={"title": "Buyer", "roles": ["coach"]},
        channels=[{"kind": "mobile", "label": "", "value": "138 0013 8000"}],
    )  # fmt: skip
    answer = as_user(rep).get(url("list_contacts"))
    for words in ("王芳", "Acme", "Buyer", "Coach", "138 0013 8000"):
        assertContains(answer, words)
    assertNotContains(as_user(other_rep).get(url("list_contacts")), "王芳")


@pytest.mark.parametrize("query", [{"role": "coach"}, {"title": "buy"}, {"tag": "golf"}, {"preferred_language": "en"}])
def test_the_list_is_narrowed(as_user, rep, account, contact, query):
    actions.add_contact(
        by=rep, full_name="Ann", account_id=account.pk, position={"title": "Buyer", "roles": ["coach"]},
        tags=["golf"], preferred_language="en",
    )  # fmt: skip
    answer = as_user(rep).get(url("list_contacts"), query)
    assertContains(answer, "Ann")
    assertNotContains(answer, "单雄信")


@pytest.mark.parametrize("rows", [50, 200])
def test_the_list_costs_the_same_with_50_and_200_rows(
    as_user, manager, rep, account, rows, django_assert_max_num_queries
):
    for number in range(rows):
        make_contact(rep, account, f"Contact {number:03}")
    client = as_user(manager)
    with django_assert_max_num_queries(8):
        client.get(url("list_contacts"), {"size": rows})


def test_a_surname_is_found_as_it_is_spoken(as_user, rep, contact):
    actions.edit_contact(by=rep, contact_id=contact.pk, full_name="单英雄")
    assertContains(as_user(rep).get(url("list_contacts"), {"q": "shanyingxiong"}), "单英雄")


def test_the_record_shows_positions_past_and_present(as_user, rep, contact, other_rep, django_assert_max_num_queries):
    actions.end_position(by=rep, position_id=contact.positions.get().pk, ended_on="2026-03-31")
    actions.add_position(by=rep, contact_id=contact.pk, account_id=make_account(rep, "Globex").pk, title="CTO")
    client = as_user(rep)
    with django_assert_max_num_queries(15):
        answer = client.get(contact.get_absolute_url())
    for words in ("Acme", "Globex", "CTO", "31 Mar 2026"):
        assertContains(answer, words)
    assert as_user(other_rep).get(contact.get_absolute_url()).status_code == 404
    assert as_user(other_rep).get(url("contact_time_line", contact.pk)).status_code == 404


def test_a_contact_is_added_at_an_account(as_user, rep, account):
    client = as_user(rep)
    assertContains(client.get(url("add_contact"), {"account": account.pk}), "Acme")
    values = {
        "full_name": "Wang Fang", "account": account.pk, "title": "Buyer", "roles": ["coach", "user"],
        "channels-kind": ["mobile"], "channels-value": ["138 0013 8000"], "channels-label": [""],
    }  # fmt: skip
    assert client.post(url("add_contact"), values).status_code == 302
    position = Contact.objects.get().positions.get()
    assert (position.account, position.roles) == (account, ["user", "coach"])


def test_a_title_needs_an_account_and_an_unseen_account_is_no_choice(as_user, rep, other_rep):
    client = as_user(rep)
    answer = client.post(url("add_contact"), {"full_name": "Wang", "title": "Buyer"})
    assertContains(answer, "Say at which account", status_code=422)
    far = make_account(other_rep, "Far")
    assertContains(
        client.post(url("add_contact"), {"full_name": "Wang", "account": far.pk}),
        "Choose one of the list",
        status_code=422,
    )
    assert not Contact.objects.exists()


def test_an_edit_is_saved_and_a_stale_one_shows_both_versions(as_user, rep, contact):
    client = as_user(rep)
    values = {"full_name": contact.full_name, "salutation": "单总", "tags": "", "version": "1", "owner": rep.pk}
    assert client.post(url("edit_contact", contact.pk), values).status_code == 302
    stale = client.post(url("edit_contact", contact.pk), {**values, "salutation": "单经理"})
    assertContains(stale, "单总", status_code=409)
    assertContains(stale, "单经理", status_code=409)


def test_positions_are_added_edited_and_ended(as_user, rep, contact):
    client = as_user(rep)
    globex = make_account(rep, "Globex")
    assert client.post(url("add_position", contact.pk), {"account": globex.pk, "title": "CTO"}).status_code == 302
    position = contact.positions.get(account=globex)
    edited = client.post(url("edit_position", position.pk), {"title": "CEO", "roles": ["decider"], "version": "1"})
    assert edited.status_code == 302
    stale = client.post(url("edit_position", position.pk), {"title": "COO", "version": "1"})
    assertContains(stale, "Two versions", status_code=409)
    assert client.post(url("end_position", position.pk), {"ended_on": "2026-03-31", "version": "2"}).status_code == 302
    again = client.post(url("add_position", contact.pk), {"account": contact.positions.get(ended_on=None).account_id})
    assertContains(again, "has a present position", status_code=422)


def test_refusals(as_user, contact, other_rep, collector):
    position = contact.positions.get()
    addresses = [
        url("edit_contact", contact.pk), url("add_position", contact.pk), url("edit_position", position.pk),
        url("end_position", position.pk),
    ]  # fmt: skip
    for address in addresses:
        assert as_user(other_rep).get(address).status_code == 404
        assert as_user(collector).get(address).status_code == 403
    assert as_user(collector).get(url("add_contact")).status_code == 403


def test_the_warning_links_whom_one_sees_and_names_the_owner_of_the_rest(as_user, rep, other_rep, account):
    actions.add_contact(
        by=rep, full_name="Wang Fang", account_id=account.pk, channels=[{"kind": "mobile", "value": "13800138000"}]
    )
    assertContains(as_user(rep).get(url("list_similar_contacts"), {"full_name": "wang fang"}), "Acme")
    hidden = as_user(other_rep).get(url("list_similar_contacts"), {"channels-value": "+86 138 0013 8000"})
    assertContains(hidden, "A contact of Li Lei")
    assertNotContains(hidden, "Wang Fang")

"""/api/v1/contacts/ and /api/v1/positions/."""

import pytest

from tests.factories import make_account, make_contact

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(as_user):
    def call(user, method, path, body=None, **headers):
        sender = getattr(as_user(user), method)
        if method == "get":
            return sender(f"/api/v1/{path}", body or {}, headers=headers)
        return sender(f"/api/v1/{path}", body or {}, content_type="application/json", headers=headers)

    return call


@pytest.fixture
def account(rep):
    return make_account(rep, "Acme")


def test_a_person_is_added_with_a_position_edited_and_listed(api, rep, other_rep, account):
    body = {
        "full_name": "Wang Fang", "account": account.pk, "position": {"title": "Buyer", "roles": ["coach"]},
        "channels": [{"kind": "mobile", "value": "138 0013 8000", "label": "work"}],
    }  # fmt: skip
    added = api(rep, "post", "contacts/", body)
    assert added.status_code == 201, added.content
    path = f"contacts/{added.json()['id']}/"
    assert api(rep, "patch", path, {"salutation": "王总"}, **{"If-Match": '"1"'}).json()["version"] == 2
    assert api(rep, "patch", path, {"salutation": "王经理"}, **{"If-Match": '"1"'}).status_code == 412
    assert api(rep, "get", "contacts/", {"role": "coach"}).json()["results"][0]["channels"][0]["label"] == "work"
    positions = api(rep, "get", "positions/", {"contact": added.json()["id"]}).json()["results"]
    assert [(row["account_name"], row["title"], row["roles"]) for row in positions] == [("Acme", "Buyer", ["coach"])]
    assert api(other_rep, "get", "contacts/").json()["results"] == []
    assert api(other_rep, "get", path).status_code == 404
    assert api(other_rep, "get", "positions/").json()["results"] == []


def test_positions_are_added_edited_and_ended(api, rep, account):
    contact = make_contact(rep, full_name="Wang Fang")
    added = api(rep, "post", "positions/", {"contact": contact.pk, "account": account.pk, "title": "Buyer"})
    assert added.status_code == 201, added.content
    path = f"positions/{added.json()['id']}/"
    assert api(rep, "patch", path, {"roles": ["decider"]}, **{"If-Match": '"1"'}).json()["roles"] == ["decider"]
    assert api(rep, "patch", path, {"title": "CEO"}, **{"If-Match": '"1"'}).status_code == 412
    second = api(rep, "post", "positions/", {"contact": contact.pk, "account": account.pk})
    assert (second.status_code, second.json()["error"]["code"]) == (422, "duplicate")
    assert api(rep, "post", path + "end/", {"ended_on": "2026-03-31"}).json()["ended_on"] == "2026-03-31"
    assert api(rep, "get", "positions/", {"current": "true"}).json()["results"] == []


def test_refusals(api, rep, other_rep, collector, account):
    contact = make_contact(rep, account, "Wang Fang")
    position = contact.positions.get()
    for method, path, body in (
        ("patch", f"contacts/{contact.pk}/", {"salutation": "x"}),
        ("patch", f"positions/{position.pk}/", {"title": "x"}),
        ("post", f"positions/{position.pk}/end/", {"ended_on": "2026-03-31"}),
    ):
        assert api(other_rep, method, path, body).status_code == 404
        assert api(collector, method, path, body).status_code == 403
    assert api(rep, "post", "contacts/", {"full_name": " "}).status_code == 400
    assert api(rep, "post", "contacts/", {"full_name": "X", "account": 999}).status_code == 404
    assert api(rep, "patch", f"positions/{position.pk}/", {"roles": ["king"]}).status_code == 400
    assert api(collector, "post", "contacts/", {"full_name": "X"}).status_code == 403

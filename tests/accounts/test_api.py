"""/api/v1/accounts/: the same rules, scope and refusals as the pages."""

import pytest

from accounts.models import Account
from tests.factories import make_account

pytestmark = pytest.mark.django_db
URL = "/api/v1/accounts/"


@pytest.fixture
def api(as_user):
    def call(user, method, path="", body=None, **headers):
        sender = getattr(as_user(user), method)
        if method == "get":
            return sender(URL + path, body or {}, headers=headers)
        return sender(URL + path, body or {}, content_type="application/json", headers=headers)

    return call


@pytest.fixture
def account(rep):
    return make_account(rep, "Acme")


def test_an_account_is_added_shown_and_listed(api, rep, other_rep):
    body = {
        "name": "小米", "credit_code": "91110108551385082Q", "tags": ["IoT"], "tier": "vip",
        "channels": [{"kind": "phone", "value": "010 6060 6666"}],
    }  # fmt: skip
    added = api(rep, "post", "", body)
    assert added.status_code == 201, added.content
    assert added["ETag"] == '"1"'
    shown = api(rep, "get", f"{added.json()['id']}/").json()
    assert (shown["owner_name"], shown["team_name"], shown["development_stage"]) == ("Li Lei", "North", 1)
    assert shown["channels"] == [{"kind": "phone", "label": "", "value": "010 6060 6666"}]
    assert [row["channels"][0]["value"] for row in api(rep, "get").json()["results"]] == ["010 6060 6666"]
    assert api(other_rep, "get").json()["results"] == []
    assert api(other_rep, "get", f"{added.json()['id']}/").status_code == 404


def test_the_list_takes_the_filters_of_the_page_and_a_search(api, rep):
    make_account(rep, "华为", tier="vip", region="广东")
    make_account(rep, "中兴")
    assert [row["name"] for row in api(rep, "get", "", {"tier": "vip"}).json()["results"]] == ["华为"]
    assert [row["name"] for row in api(rep, "get", "", {"q": "hw"}).json()["results"]] == ["华为"]


def test_a_page_of_fifty_costs_four_statements(as_user, rep, django_assert_max_num_queries):
    for number in range(60):
        make_account(rep, f"Account {number}")
    client = as_user(rep)
    with django_assert_max_num_queries(5):  # two of them for the session, which a token does in one
        assert len(client.get(URL).json()["results"]) == 50


def test_an_edit_names_the_version_it_knows(api, rep, account):
    path = f"{account.pk}/"
    edited = api(rep, "patch", path, {"region": "South"}, **{"If-Match": '"1"'})
    assert (edited.status_code, edited.json()["region"], edited["ETag"]) == (200, "South", '"2"')
    stale = api(rep, "patch", path, {"region": "East"}, **{"If-Match": '"1"'})
    assert (stale.status_code, stale.json()["error"]["details"]["current"]["region"]) == (412, "South")
    assert api(rep, "patch", path, {"region": "East"}).status_code == 200


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"name": ""}, 400, None),
        ({"name": "Acme", "tier": "gold"}, 400, None),
        ({"name": "Acme", "parent": 999}, 400, None),
        ({"name": "Acme", "channels": [{"kind": "email", "value": "x"}]}, 400, None),
        ({"name": "Acme", "credit_code": "911101085513850820"}, 422, "credit_code"),
    ],
)
def test_wrong_input_is_refused(api, rep, body, status, field):
    answer = api(rep, "post", "", body)
    assert (answer.status_code, answer.json()["error"]["field"]) == (status, field)
    assert not Account.objects.exists()


def test_refusals_of_role_and_scope(api, account, other_rep, executive, rep, colleague):
    path = f"{account.pk}/"
    calls = [
        ("patch", path, {"region": "X"}), ("patch", path + "payment/", {"paying_days": [5]}),
        ("post", path + "change-stage/", {"to_stage": 2, "evidence": "Met Ms Wang"}),
        ("post", path + "members/", {"user": colleague.pk, "role": "sales"}),
    ]  # fmt: skip
    for method, address, body in calls:
        assert api(other_rep, method, address, body).status_code == 404
        assert api(executive, method, address, body).status_code == 403
    assert api(rep, "post", path + "transfer/", {"owner": colleague.pk}).status_code == 403


def test_the_same_key_adds_one_account(api, rep):
    for _twice in range(2):
        answer = api(rep, "post", "", {"name": "Acme"}, **{"Idempotency-Key": "k-1"})
        assert answer.status_code == 201
    assert Account.objects.count() == 1


def test_stage_payment_team_and_notes(api, rep, colleague, collector, manager, account):
    path = f"{account.pk}/"
    assert api(rep, "post", path + "change-stage/", {"to_stage": 4, "evidence": "Signed"}).status_code == 422
    moved = api(rep, "post", path + "change-stage/", {"to_stage": 2, "evidence": "Met Ms Wang"})
    assert (moved.status_code, moved.json()["development_stage"]) == (200, 2)
    assert [row["to_stage"] for row in api(rep, "get", path + "stages/").json()] == [2]
    paid = api(collector, "patch", path + "payment/", {"paying_days": [25, 10]})
    assert paid.json()["paying_days"] == [10, 25]
    member = api(rep, "post", path + "members/", {"user": colleague.pk, "role": "technical"})
    assert member.status_code == 201
    one = f"{path}members/{member.json()['id']}/"
    assert api(rep, "patch", one, {"role": "service"}).json()["role"] == "service"
    assert len(api(rep, "get", path + "members/").json()) == 2
    assert api(rep, "delete", one).status_code == 204
    assert api(rep, "post", path + "notes/", {"body": "Called", "contacted_on": "2026-03-02"}).status_code == 201
    assert [note["body"] for note in api(rep, "get", path + "notes/").json()] == ["Called"]
    given = api(manager, "post", path + "transfer/", {"owner": colleague.pk, "reason": "Holiday"})
    assert given.json()["owner_name"] == "Han Meimei"

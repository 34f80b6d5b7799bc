"""/api/v1/collection-cases/, collection-calls/, promises/: the same rules, scope and refusals as the pages."""

from datetime import timedelta

import pytest

from core.workdays import today
from dunning import actions
from dunning.models import Case, CollectionCall, Promise
from tests.factories import make_account, make_invoice

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(as_user):
    def call(user, method, path, body=None, **headers):
        sender = getattr(as_user(user), method)
        if method == "get":
            return sender("/api/v1/" + path, body or {}, headers=headers)
        return sender("/api/v1/" + path, body or {}, content_type="application/json", headers=headers)

    return call


@pytest.fixture
def account(rep):
    account = make_account(rep, "Red Star Steel")
    make_invoice(account, "9000.00", due_on=today() - timedelta(days=40))
    actions.refresh_cases()
    return account


def in_days(days):
    return (today() + timedelta(days=days)).isoformat()


def test_the_queue_says_whom_and_why(api, collector, other_manager, account):
    # A Tuesday on which nothing is special; calls may be made at half past ten in Shanghai.
    asked = {"at": "2026-11-24T10:30:00+08:00", "whose": "all"}
    answer = api(collector, "get", "collection-cases/queue/", asked)
    assert answer.status_code == 200, answer.content
    [line] = answer.json()["results"]
    assert (line["account"], line["account_name"], line["callable_amount"]) == (account.pk, "Red Star Steel", "9000.00")
    assert (line["todo"], line["score"], line["reasons"]) == ("call", 70, ["best_day"])
    assert line["why"]
    assert api(other_manager, "get", "collection-cases/queue/", asked).json()["results"] == []
    assert api(collector, "get", "collection-cases/queue/", {"whose": "everybody"}).status_code == 400


def test_the_queue_has_pages(api, collector, rep):
    for _number in range(3):
        make_invoice(make_account(rep), due_on=today() - timedelta(days=5))
    actions.refresh_cases()
    found, address = [], "collection-cases/queue/?page_size=2&whose=all&at=2026-11-24T10:30:00Z"
    while address:
        page = api(collector, "get", address.removeprefix("http://testserver/api/v1/")).json()
        found += [line["account"] for line in page["results"]]
        address = page["next"]
    assert len(found) == len(set(found)) == 3


def test_customers_are_taken_up_and_given_back(api, collector, manager, rep, account):
    path = f"collection-cases/{account.pk}/"
    assert api(collector, "post", path + "claim/").json()["claimed_by"] == collector.pk
    assert api(manager, "post", path + "claim/").status_code == 409
    assert api(rep, "post", path + "claim/").status_code == 403
    assert api(collector, "post", path + "release/").json()["claimed_by"] is None
    assert api(manager, "post", path + "assign/", {"collector": collector.pk}).json()["collector"] == collector.pk
    assert api(manager, "post", path + "assign/", {"collector": rep.pk}).status_code == 422
    assert api(manager, "post", path + "assign/", {"collector": None}).json()["collector"] is None


def test_the_next_customer_is_taken_up(api, collector, account):
    Case.objects.update(opens_at="00:00", closes_at="23:59", papers_missing=True)
    assert api(collector, "post", "collection-cases/claim-next/").json()["account"] == account.pk
    actions.log_call(by=collector, account_id=account.pk, outcome="no_answer")
    assert api(collector, "post", "collection-cases/claim-next/").status_code == 204


def test_a_case_is_set_held_and_resumed(api, collector, other_manager, account):
    path = f"collection-cases/{account.pk}/"
    changed = api(collector, "patch", path, {"time_zone": "Europe/Berlin", "goal": "All by Friday"})
    assert (changed.json()["time_zone"], changed.json()["goal"]) == ("Europe/Berlin", "All by Friday")
    assert api(collector, "patch", path, {"time_zone": "Nowhere"}).status_code == 422
    held = api(collector, "post", path + "pause/", {"until": in_days(9), "reason": "Flood"})
    assert held.json()["paused_until"] == in_days(9)
    assert api(collector, "post", path + "resume/").json()["paused_until"] is None
    assert api(collector, "post", path + "resume/").status_code == 422
    assert api(other_manager, "get", path).status_code == 404
    assert api(collector, "get", "collection-cases/").json()["results"][0]["account_name"] == "Red Star Steel"


def test_a_call_is_logged_with_its_promise(api, collector, other_manager, account):
    body = {
        "account": account.pk,
        "outcome": "promise",
        "person": "Ms Lin",
        "cause": "shortage",
        "promise": {"instalments": [{"due_on": in_days(7), "amount": "9000.00"}], "currency": "CNY"},
    }
    logged = api(collector, "post", "collection-calls/", body)
    assert logged.status_code == 201, logged.content
    promise = Promise.objects.get()
    assert (logged.json()["promise"], logged.json()["person"]) == (promise.pk, "Ms Lin")
    shown = api(collector, "get", f"promises/{promise.pk}/").json()
    assert (shown["state"], shown["instalments"][0]["amount"], shown["invoices"]) == ("open", "9000.00", [])
    assert api(other_manager, "get", f"promises/{promise.pk}/").status_code == 404
    again = api(collector, "post", "collection-calls/", body)
    assert (again.status_code, again.json()["error"]["code"]) == (422, "promise_open")
    assert CollectionCall.objects.count() == 1
    replaced = api(collector, "post", "collection-calls/", {**body, "replaces": promise.pk})
    assert replaced.status_code == 201
    assert [row["state"] for row in api(collector, "get", "promises/", {"sort": "id"}).json()["results"]] == [
        "replaced",
        "open",
    ]


def test_a_promise_is_recorded_and_replaced(api, collector, rep, account):
    [invoice] = account.invoices.all()
    body = {
        "account": account.pk,
        "instalments": [{"due_on": in_days(3), "amount": "100.00"}, {"due_on": in_days(9), "amount": "200.00"}],
        "currency": "CNY",
        "said_by": "Ms Lin",
        "channel": "letter",
        "invoices": [invoice.pk],
    }
    assert api(rep, "post", "promises/", body).status_code == 403
    made = api(collector, "post", "promises/", body)
    assert (made.status_code, made.json()["amount"], made.json()["invoices"]) == (201, "300.00", [invoice.pk])
    path = f"promises/{made.json()['id']}/replace/"
    new = api(
        collector, "post", path, {"reason": "More time", "instalments": [{"due_on": in_days(20), "amount": "300.00"}]}
    )
    assert (new.status_code, new.json()["said_by"], new.json()["invoices"]) == (201, "Ms Lin", [invoice.pk])
    assert api(collector, "post", path, {"reason": "Again", "instalments": body["instalments"]}).status_code == 422
    found = api(collector, "get", "promises/", {"state": "open", "account": account.pk}).json()["results"]
    assert [row["id"] for row in found] == [new.json()["id"]]


@pytest.mark.parametrize("body", [{}, {"instalments": []}, {"currency": "XXX"}, {"account": "one"}])
def test_wrong_input_is_told_by_field(api, collector, account, body):
    for path in ("promises/", "collection-calls/"):
        answer = api(collector, "post", path, body)
        assert answer.status_code == 400
        assert answer.json()["error"]["details"]


def test_calls_are_found_by_day(api, collector, account):
    actions.log_call(by=collector, account_id=account.pk, outcome="no_answer")
    for word, day, count in (
        ("called_after", 0, 1),
        ("called_after", 1, 0),
        ("called_before", -1, 0),
        ("called_before", 0, 1),
    ):
        assert len(api(collector, "get", "collection-calls/", {word: in_days(day)}).json()["results"]) == count

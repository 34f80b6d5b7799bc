"""/api/v1/prospects/: the same rules, scope and refusals as the pages."""

from datetime import timedelta
from decimal import Decimal

import pytest

from core.workdays import today
from prospects import actions
from prospects.choices import Stage
from prospects.models import Prospect
from prospects.rules.forecast import week_of
from tests.factories import make_account, make_prospect

pytestmark = pytest.mark.django_db
URL = "/api/v1/prospects/"


@pytest.fixture
def api(as_user):
    def call(user, method, path="", body=None, **headers):
        sender = getattr(as_user(user), method)
        if method == "get":
            return sender(URL + path, body or {}, headers=headers)
        return sender(URL + path, body or {}, content_type="application/json", headers=headers)

    return call


def in_days(days):
    return (today() + timedelta(days=days)).isoformat()


def test_a_prospect_is_added_edited_and_shown(api, rep):
    account = make_account(rep)
    added = api(rep, "post", "", {"name": "Line 4", "account": account.pk, "amount": "1200.50", "currency": "CNY"})
    assert added.status_code == 201, added.content
    assert (added.json()["stage"], added.json()["amount"], added["ETag"]) == ("E", "1200.50", '"1"')
    path = f"{added.json()['id']}/"
    edited = api(rep, "patch", path, {"amount": "1300.00"}, **{"If-Match": '"1"'})
    assert (edited.status_code, edited.json()["version"]) == (200, 2)
    stale = api(rep, "patch", path, {"amount": "1400.00"}, **{"If-Match": '"1"'})
    assert stale.status_code == 412
    assert stale.json()["error"]["details"]["current"]["amount"] == "1300.00"
    shown = api(rep, "get", path)
    assert (shown.json()["account_name"], shown.json()["owner_name"]) == (account.name, "Li Lei")


def test_move_says_what_is_missing_and_takes_it_along(api, rep):
    prospect = make_prospect(rep)
    refused = api(rep, "post", f"{prospect.pk}/move/", {"to": "B"})
    assert refused.status_code == 422
    error = refused.json()["error"]
    assert error["code"] == "criteria_missing"
    assert [item["criterion"] for item in error["details"]["missing"]] == [
        "right_person", "proposal_fits", "budget_reasonable", "timetable_workable", "next_step_agreed",
    ]  # fmt: skip
    moved = api(
        rep,
        "post",
        f"{prospect.pk}/move/",
        {
            "to": "B",
            "ticks": [
                {"criterion": item["criterion"], "note": "At the meeting"}
                for item in error["details"]["missing"]
                if item["needs_tick"]
            ],
            "decision_on": in_days(20),
            "start_on": in_days(40),
            "next_step": "Offer",
            "next_step_on": in_days(2),
        },
        **{"If-Match": '"1"'},
    )
    assert moved.status_code == 200, moved.content
    assert (moved.json()["stage"], moved.json()["probability"], moved["ETag"]) == ("B", 50, '"2"')
    classes = {item["stage"]: item for item in api(rep, "get", f"{prospect.pk}/criteria/").json()}
    assert all(item["met"] for item in classes["B"]["criteria"])
    assert classes["S"]["one_of"]


def test_tick_withdraw_close_reopen_transfer(api, rep, colleague, manager):
    prospect = make_prospect(rep)
    path = f"{prospect.pk}/"
    assert api(rep, "post", path + "tick/", {"criterion": "willing", "note": "Asked for an offer"}).status_code == 200
    assert api(rep, "post", path + "tick/", {"criterion": "willing", "note": "Again"}).status_code == 409
    assert api(rep, "post", path + "tick/", {"criterion": "right_person"}).json()["error"]["code"] == "evidence_missing"
    assert api(rep, "post", path + "withdraw/", {"criterion": "willing", "because": "Cooled off"}).status_code == 200
    assert api(rep, "post", path + "close/", {"outcome": "won"}).json()["error"]["code"] == "criteria_missing"
    won = api(
        rep, "post", path + "close/", {"outcome": "won", "ticks": [{"criterion": "first_payment", "note": "Bank"}]}
    )
    assert (won.json()["stage"], won.json()["outcome"]) == ("S", "won")
    again = api(
        rep, "post", path + "reopen/", {"because": "Paid back", "next_step": "Call", "next_step_on": in_days(1)}
    )
    assert (again.json()["outcome"], again.json()["closed_on"]) == ("", None)
    lost = api(rep, "post", path + "close/", {"outcome": "lost", "reason": "price", "competitor": "Acme"})
    assert lost.json()["outcome"] == "lost"
    assert api(rep, "post", path + "transfer/", {"owner": colleague.pk}).status_code == 403
    assert api(manager, "post", path + "transfer/", {"owner": colleague.pk}).json()["owner"] == colleague.pk


def test_refusals(api, rep, other_rep, collector, client):
    prospect = make_prospect(rep)
    path = f"{prospect.pk}/move/"
    assert api(other_rep, "post", path, {"to": "D"}).status_code == 404
    assert api(other_rep, "get", f"{prospect.pk}/").status_code == 404
    assert api(collector, "post", path, {"to": "D"}).status_code == 403
    assert api(rep, "post", path, {"to": "Z"}).status_code == 400
    assert client.get(URL).status_code == 401


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, "open slipping won lost"),
        ({"state": "open"}, "open slipping"),
        ({"state": "won"}, "won"),
        ({"state": "closed"}, "won lost"),
        ({"stage": ["25"]}, "slipping lost"),
        ({"attention": "slipping"}, "slipping"),
        ({"attention": "nothing_planned"}, "slipping"),
        ({"attention": "review_due"}, "open slipping"),
        ({"attention": "beyond_norm"}, "open slipping"),
        ({"attention": "overdue"}, ""),
        ({"attention": "stuck"}, ""),
        ({"period": "this_month"}, "won lost"),
        ({"undated": "true"}, "open slipping won lost"),
        ({"currency": "USD"}, "won"),
        ({"q": "slip"}, "slipping"),
    ],
)
def test_filters(api, rep, query, found):
    make_prospect(rep, name="open", stage=Stage.D, next_step="x", next_step_on=today())
    make_prospect(
        rep, name="slipping", stage=Stage.C, slipping_since=today(), slip_reason="no_next_step", falls_back_to=0
    )
    make_prospect(rep, name="won", stage=Stage.S, outcome="won", closed_on=today(), currency="USD")
    make_prospect(rep, name="lost", stage=Stage.C, outcome="lost", closed_on=today())
    answer = api(rep, "get", "", query)
    assert answer.status_code == 200, answer.content
    assert {row["name"] for row in answer.json()["results"]} == set(found.split())


def test_the_rows_behind_a_bar_and_a_move(api, rep, manager):
    lost, stays = make_prospect(rep, name="lost", amount=Decimal(5)), make_prospect(rep, name="stays")
    actions.take_snapshot(week=week_of(today()) - timedelta(days=7))
    actions.close_prospect(by=rep, prospect_id=lost.pk, outcome="lost", reason="price")
    actions.move_prospect(
        by=rep, prospect_id=stays.pk, to=Stage.C, facts={"next_step": "Offer", "next_step_on": today()}
    )
    names = lambda query: [row["name"] for row in api(manager, "get", "", query).json()["results"]]  # noqa: E731
    assert names({"movement": "lost", "owner": rep.pk}) == ["lost"]
    assert names({"movement": "won"}) == []
    assert names({"moved": "up"}) == names({"moved_from": 0, "moved_to": 25}) == ["stays"]
    assert names({"moved": "down"}) == []
    assert names({"moved": "up", "since": in_days(1)}) == []


def test_a_page_of_the_list_costs_four_statements(api, rep, django_assert_max_num_queries, as_user):
    for number in range(60):
        make_prospect(rep, make_account(rep), name=f"Line {number}")
    browser = as_user(rep)
    with django_assert_max_num_queries(4):
        first = browser.get(URL).json()
    assert len(first["results"]) == 50
    second = browser.get(first["next"]).json()
    assert len(second["results"]) == 10
    assert {row["id"] for row in first["results"]} & {row["id"] for row in second["results"]} == set()


def test_the_same_key_moves_once(api, rep):
    prospect = make_prospect(rep)
    body = {"to": "C", "next_step": "Offer", "next_step_on": in_days(3)}
    key = {"Idempotency-Key": "move-1", "If-Match": '"1"'}
    first = api(rep, "post", f"{prospect.pk}/move/", body, **key)
    second = api(rep, "post", f"{prospect.pk}/move/", body, **key)
    assert (first.status_code, second.status_code) == (200, 200)
    assert Prospect.objects.get(pk=prospect.pk).version == 2


def test_the_board_in_figures(as_user, rep, other_rep, manager):
    make_prospect(rep, stage=Stage.C, amount=Decimal("100.10"))
    make_prospect(other_rep, stage=Stage.C, amount=Decimal(999))
    answer = as_user(manager).get("/api/v1/reports/board/", {"owner": rep.pk})
    assert answer.status_code == 200, answer.content
    column = next(item for item in answer.json()["columns"] if item["stage"] == "C")
    assert column["totals"] == [{"currency": "CNY", "amount": "100.10", "weighted": "25.03"}]
    assert {item["code"] for item in answer.json()["anomalies"]} == {"empty_d", "empty_b"}
    assert as_user(manager).get("/api/v1/reports/board/", {"period": "never"}).status_code == 400


@pytest.mark.parametrize("word", ["amount", "expected_close_on", "next_step_on", "closed_on", "name", "updated_at"])
def test_every_sort_walks_all_rows_both_ways(as_user, rep, word):
    for number in range(7):
        filled = {
            "amount": Decimal(number),
            "expected_close_on": today() + timedelta(days=number),
            "next_step_on": today(),
        }
        make_prospect(rep, **(filled if number % 2 else {}))
    browser = as_user(rep)
    for sort in (word, f"-{word}"):
        address, seen = f"{URL}?page_size=2&sort={sort}", []
        while address:
            page = browser.get(address).json()
            seen += [row["id"] for row in page["results"]]
            address = page["next"]
        assert len(seen) == len(set(seen)) == 7

"""/api/v1/reports/ of the receivables: the numbers of the queries, the scope of the caller, a constant cost."""

from datetime import date, timedelta

import pytest

import core.tasks  # noqa: F401  the worker's
from core.workdays import today
from receivables import actions
from receivables.choices import Cause
from receivables.models import GradeChange
from receivables.tasks.figures import keep_day, regrade_all
from tests.factories import make_account, make_invoice, make_payment

pytestmark = pytest.mark.django_db
ON = "2026-06-30"


@pytest.fixture
def ask(as_user):
    def call(user, path, **words):
        return as_user(user).get(f"/api/v1/reports/{path}/", words)

    return call


def test_the_ageing_of_a_day(ask, rep, other_rep, collector, north):
    account = make_account(rep, "Acme")
    make_invoice(account, "100.10", due_on=date(2026, 6, 1))
    make_invoice(account, "5", due_on=date(2026, 6, 1), currency="USD")
    found = ask(collector, "ageing", on=ON, currency="CNY").json()
    assert found["buckets"][1] == {"first": 1, "last": 30, "label": "1–30 days"}
    assert found["lines"] == [
        {
            "key": str(account.pk), "label": "Acme", "currency": "CNY", "total": "100.10", "overdue": "100.10",
            "amounts": ["0.00", "100.10", "0.00", "0.00", "0.00", "0.00", "0.00"], "disputed": "0.00", "unapplied": "0.00",
        }
    ]  # fmt: skip
    assert [line["currency"] for line in ask(collector, "ageing", on=ON, by="none").json()["totals"]] == ["CNY", "USD"]
    assert ask(collector, "ageing", on=ON, by="team").json()["lines"][0]["label"] == "North"
    assert ask(collector, "ageing", on=ON, team=north.pk, grade="bad").json()["lines"] == []
    assert ask(other_rep, "ageing", on=ON).json()["lines"] == []


def test_pages_of_the_ageing(ask, collector, rep):
    for number in range(5):
        make_invoice(make_account(rep), str(number + 1), due_on=date(2026, 6, 1))
    first = ask(collector, "ageing", on=ON, page_size=3).json()
    second = ask(collector, "ageing", on=ON, page_size=3, after=first["after"]).json()
    assert [line["total"] for line in [*first["lines"], *second["lines"]]] == ["5.00", "4.00", "3.00", "2.00", "1.00"]
    assert second["after"] == ""
    assert len(ask(collector, "ageing", on=ON, after="tampered").json()["lines"]) == 5


def test_the_figures(ask, collector, rep):
    make_invoice(make_account(rep), "900", issued_on=date(2026, 6, 1), due_on=date(2026, 7, 1))
    found = ask(collector, "receivables", on=ON).json()
    assert (found["since"], found["open"], found["overdue"], found["invoiced"]) == (
        "2026-03-31",
        "900.00",
        "0.00",
        "900.00",
    )
    figures = {figure["code"]: figure["value"] for figure in found["figures"]}
    assert (figures["dso"], figures["best_dso"], figures["days_delinquent"]) == ("91.0000", "91.0000", "0.0000")
    assert {one["basis"]: one["provision"] for one in found["provisions"]} == {
        "overdue": "2.70",
        "age": "45.00",
        "grade": "45.00",
    }
    assert len(found["expected_cash"]) == 10
    assert found["top_debtors"][0]["total"] == "900.00"


def test_the_statement(ask, collector, rep, other_rep):
    account = make_account(rep, "Acme")
    make_invoice(account, "100", issued_on=date(2026, 5, 1))
    make_payment(account, "30", received_on=date(2026, 6, 2))
    words = {"account": account.pk, "since": "2026-06-01", "until": ON}
    found = ask(rep, "statement", **words).json()
    assert (found["opening"], found["closing"]) == ("100.00", "70.00")
    assert [(line["kind"], line["amount"], line["balance"]) for line in found["movements"]] == [
        ("payment", "-30.00", "70.00")
    ]
    assert ask(other_rep, "statement", **words).status_code == 404
    assert ask(rep, "statement").status_code == 400


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("ageing", {"on": "0001-01-01"}), ("ageing", {"on": "x"}), ("ageing", {"by": "moon"}), ("ageing", {"basis": "x"}),
        ("ageing", {"page_size": "0"}), ("ageing", {"owner": "99999999999999999999"}), ("receivables", {"on": "9999-12-31"}),
        ("receivables", {"currency": "XXX"}), ("statement", {"account": "1", "until": "0001-01-01"}),
    ],
)  # fmt: skip
def test_nonsense_is_400(ask, collector, path, words):
    assert ask(collector, path, **words).status_code == 400


@pytest.mark.parametrize(("path", "ceiling"), [("ageing", 6), ("receivables", 18)])
def test_the_cost_is_the_same_with_few_and_with_many(
    as_user, collector, rep, django_assert_max_num_queries, path, ceiling
):
    costs, client = [], as_user(collector)
    for count in (2, 20):
        for _number in range(count):
            make_invoice(make_account(rep), "10", issued_on=date(2026, 6, 1))
        with django_assert_max_num_queries(ceiling) as seen:
            assert client.get(f"/api/v1/reports/{path}/", {"on": ON}).status_code == 200
        costs.append(len(seen))
    assert costs[0] == costs[1]


# ------------------------------------------------------------------ the clock


def test_what_the_clock_does_may_be_done_twice(collector, rep):
    invoice = make_invoice(make_account(rep), due_on=today() - timedelta(days=100))
    for _time in range(2):
        keep_day(today())
        regrade_all(today())
    assert GradeChange.objects.get().invoice == invoice
    regrade_all(today() - timedelta(days=3))
    assert GradeChange.objects.count() == 1


def test_a_cause_that_was_found_regrades_at_once(collector, rep, django_capture_on_commit_callbacks):
    invoice = make_invoice(make_account(rep), due_on=today() - timedelta(days=5))
    with django_capture_on_commit_callbacks(execute=True):
        actions.find_cause(by=collector, account_id=invoice.account_id, cause=Cause.CRISIS, note="Wages unpaid")
    invoice.refresh_from_db()
    assert (invoice.grade, invoice.grade_reasons) == ("doubtful", ["distress"])


def test_a_grade_is_set_over_the_api(as_user, collector, rep):
    invoice = make_invoice(make_account(rep), due_on=today() - timedelta(days=100))
    path, kind = f"/api/v1/invoices/{invoice.pk}/grade/", "application/json"
    refused = as_user(collector).post(path, {"grade": "dead"}, content_type=kind)
    assert (refused.status_code, refused.json()["error"]["field"]) == (422, "note")
    done = as_user(collector).post(path, {"grade": "dead", "note": "Closed down"}, content_type=kind)
    assert (done.status_code, done.json()["grade"], done.json()["grade_is_settled"]) == (200, "dead", True)
    stale = as_user(collector).post(path, {"grade": "bad", "note": "x", "seen": "normal"}, content_type=kind)
    assert stale.status_code == 409
    assert as_user(rep).post(path, {"grade": "bad", "note": "x"}, content_type=kind).status_code == 403

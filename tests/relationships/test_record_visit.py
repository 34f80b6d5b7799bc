"""POST /api/v1/visits/, the request the field sends most often: what it answers, leaves behind and costs."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pghistory.models import Events

from accounts.models import Account
from core.tokens import make_token
from relationships.models import Visit
from tests.factories import make_account, make_contact

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(rep):
    return make_account(rep, "Acme")


@pytest.fixture
def record(client, rep, account):
    _row, token = make_token(rep, "Phone")

    def post(key, **told):
        body = {"account": account.pk, "outcome": "They want an offer", "next_step": "Send it", **told}
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
        return client.post(
            "/api/v1/visits/",
            body | {"next_step_on": date(2031, 3, 3)},
            content_type="application/json",
            headers=headers,
        )

    return post


def test_the_answer_is_what_is_read_later(record, as_user, rep):
    there = timezone.now().astimezone(timezone.get_fixed_timezone(9 * 60)) - timedelta(hours=2)
    answer = record("a", at=there.isoformat(), purpose=" Annual   talk ")
    assert answer.status_code == 201, answer.content
    later = as_user(rep).get(f"/api/v1/visits/{answer.json()['id']}/")
    assert (answer.json(), answer["ETag"]) == (later.json(), later["ETag"])
    assert answer.json()["at"].endswith("Z"), "instants are answered in UTC"


def test_a_step_taken_with_the_next_visit_is_history_of_who_came(record, rep, account):
    Account.objects.filter(pk=account.pk).update(last_contact_on=date(2020, 1, 1))
    first = record("a").json()["id"]
    record("b")
    (change,) = Events.objects.tracks(Visit(pk=first))
    assert change.pgh_context["user"] == rep.pk
    assert change.pgh_context["url"] == "/api/v1/visits/"
    moved = [each for each in Events.objects.tracks(account) if each.pgh_data["last_contact_on"]]
    assert [(was.pgh_data["last_contact_on"], was.pgh_context["user"]) for was in moved] == [("2020-01-01", rep.pk)]


def test_who_came_along_is_in_the_answer(record, rep, colleague, account):
    contact = make_contact(rep, account)
    told = record("a", contacts=[contact.pk], colleagues=[colleague.pk]).json()
    assert told["attendees"] == [
        {"contact": contact.pk, "colleague": None},
        {"contact": None, "colleague": colleague.pk},
    ]
    assert record("b").json()["attendees"] == []


def test_it_costs_little(record):
    record("a")
    with CaptureQueriesContext(connection) as captured:
        assert record("b").status_code == 201
    asked = [part for query in captured for part in query["sql"].split("; ") if "SAVEPOINT" not in part]
    assert len(asked) <= 8, asked

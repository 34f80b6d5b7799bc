"""A keyed POST happens once, however often and however much at once it is sent (T3)."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.test import Client
from django.urls import path

from config.urls import urlpatterns as product
from core.errors import Conflict, DomainError, NotAllowed, NotFound
from core.models import IdempotencyKey, Role, Team, User
from core.teams import add_team
from tests.cast import person


def add(request: HttpRequest) -> HttpResponse:
    """Adds a team, then does as it is told."""
    sent = json.loads(request.body) if request.content_type == "application/json" else request.POST
    team = add_team(name=sent["name"])
    refusal = {
        "domain": DomainError("No."), "conflict": Conflict("Late.", current=team), "forbidden": NotAllowed(), "missing": NotFound(),
        "bug": ZeroDivisionError(),
    }.get(sent.get("then", ""))  # fmt: skip
    if refusal:
        raise refusal
    response = JsonResponse({"id": team.pk}, status=201)
    response["ETag"] = '"1"'
    return response


urlpatterns = [path("add/", add), path("api/add/", add), *product]
pytestmark = pytest.mark.urls("tests.core.test_idempotency")


def send(client: Client, key: str, address: str = "/add/", **sent: str) -> Any:
    return client.post(address, sent, content_type="application/json", headers={"Idempotency-Key": key})


def made(name: str = "One") -> int:
    return Team.objects.filter(name=name).count()


def test_the_second_time_gets_the_first_answer(rep: User, as_user: Callable[[User], Client]) -> None:
    client = as_user(rep)
    first, second = send(client, "k", name="One"), send(client, "k", name="One")
    assert (first.status_code, second.status_code) == (201, 201)
    assert (first.json(), second["ETag"], second["Idempotent-Replay"]) == (second.json(), '"1"', "true")
    assert made() == 1


def test_the_same_key_for_something_else_is_refused(rep: User, as_user: Callable[[User], Client]) -> None:
    client = as_user(rep)
    send(client, "k", address="/api/add/", name="One")
    answer = send(client, "k", address="/api/add/", name="Two")
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "idempotency_mismatch")
    assert made("Two") == 0


def test_keys_belong_to_their_user(rep: User, colleague: User, as_user: Callable[[User], Client]) -> None:
    send(as_user(rep), "k", name="One")
    send(as_user(colleague), "k", name="Two")
    assert made("One") == made("Two") == 1


@pytest.mark.parametrize(("then", "status"), [("domain", 422), ("conflict", 409), ("forbidden", 403), ("missing", 404)])
def test_a_refusal_is_answered_and_leaves_nothing(
    then: str, status: int, rep: User, as_user: Callable[[User], Client]
) -> None:
    client = as_user(rep)
    assert send(client, "k", name="One", then=then).status_code == status
    assert made() == 0
    assert send(client, "k", name="One").status_code == 201, "the key is free again"


def test_our_own_mistake_leaves_nothing_either(rep: User, as_user: Callable[[User], Client]) -> None:
    client = as_user(rep)
    client.raise_request_exception = False
    assert send(client, "k", name="One", then="bug").status_code == 500
    assert made() == 0


@pytest.mark.parametrize("key", ["k" * 256, "a\x00b"])
def test_a_key_that_cannot_be_kept_is_400(key: str, rep: User, as_user: Callable[[User], Client]) -> None:
    assert send(as_user(rep), key, address="/api/add/", name="One").status_code == 400
    assert made() == 0


def test_a_page_carries_its_key_in_the_form(rep: User, as_user: Callable[[User], Client]) -> None:
    client = as_user(rep)
    for secret in ("a", "b"):  # the form's own secret differs each time a page is drawn
        client.post("/add/", {"name": "One", "_once": "k", "csrfmiddlewaretoken": secret})
    assert made() == 1


def test_what_was_sent_cannot_be_guessed_from_what_is_kept(
    rep: User, as_user: Callable[[User], Client], settings: Any
) -> None:
    def kept() -> str:
        send(as_user(rep), "k", name="One")
        row = IdempotencyKey.objects.get()
        row.delete()
        Team.objects.filter(name="One").delete()
        return row.fingerprint

    first, again = kept(), kept()
    settings.SECRET_KEY = "another " * 8
    assert first == again != kept()


def test_without_a_key_everything_happens_as_often_as_asked(rep: User, as_user: Callable[[User], Client]) -> None:
    client = as_user(rep)
    answers = [client.post("/add/", {"name": name}).status_code for name in ("One", "Two")]
    assert answers == [201, 201]


@pytest.fixture
def crowd(transactional_db: None) -> Client:
    client = Client()
    client.force_login(person("Li Lei", Role.REP))
    return client


@pytest.mark.slow
def test_fifty_at_once_have_one_effect(crowd: Client) -> None:
    """T3: 50 threads with one key, for 20 keys."""
    session = crowd.cookies

    def post(name: str) -> int:
        client = Client()
        client.cookies = session
        try:
            return int(send(client, f"key of {name}", name=name).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=50) as threads:
        for number in range(20):
            answers = list(threads.map(post, [f"Team {number}"] * 50))
            assert set(answers) == {201}
    assert sorted(Team.objects.values_list("name", flat=True)) == sorted(f"Team {number}" for number in range(20))

"""The API's frame, seen through its smallest resource: signing in, errors, pages, versions, the description."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from core.models import Role, Team, User
from core.tokens import make_token
from tests.cast import person


@pytest.fixture
def with_token(rep: User) -> Client:
    _row, key = make_token(rep, "test")
    return Client(headers={"Authorization": f"Bearer {key}"})


def test_a_token_signs_in(with_token: Client, rep: User) -> None:
    answer = with_token.get("/api/v1/users/me/")
    assert answer.status_code == 200
    assert answer.json() == {
        "id": rep.pk, "full_name": "Li Lei", "email": "li.lei@example.com", "role": "rep", "team": rep.team_id,
        "team_name": "North", "is_active": True,
    }  # fmt: skip


@pytest.mark.parametrize("header", ["Bearer nonsense", "Token nonsense", "Bearer ", "Basic abc"])
def test_anything_else_is_401_in_the_one_shape(header: str, rep: User) -> None:
    answer = Client(headers={"Authorization": header}).get("/api/v1/users/")
    assert answer.status_code == 401
    assert set(answer.json()["error"]) == {"code", "message", "field", "details"}


def test_a_token_of_somebody_who_left_is_401(with_token: Client, rep: User) -> None:
    rep.is_active = False
    rep.save()
    assert with_token.get("/api/v1/users/").status_code == 401


def test_a_revoked_token_is_401(with_token: Client, rep: User) -> None:
    from django.utils import timezone

    rep.api_tokens.update(revoked_at=timezone.now())
    assert with_token.get("/api/v1/users/").status_code == 401


def test_the_day_a_token_was_used_is_kept(with_token: Client, rep: User) -> None:
    with_token.get("/api/v1/users/me/")
    assert rep.api_tokens.get().last_used_on is not None


def test_a_session_signs_in_too(rep: User, as_user: Any) -> None:
    assert as_user(rep).get("/api/v1/users/me/").status_code == 200


def test_lists_come_in_pages_by_key(with_token: Client, north: Team) -> None:
    for n in range(6):
        person(f"Person {n}", Role.REP, north)
    first = with_token.get("/api/v1/users/", {"page_size": 3}).json()
    assert len(first["results"]) == 3
    assert first["previous"] is None
    second = with_token.get(first["next"]).json()
    third = with_token.get(second["next"]).json()
    ids = [user["id"] for page in (first, second, third) for user in page["results"]]
    assert ids == sorted(set(ids), reverse=True)
    assert third["next"] is None
    assert with_token.get(third["previous"]).json()["results"] == second["results"]


def test_filters_are_those_of_the_pages(with_token: Client, manager: User) -> None:
    found = with_token.get("/api/v1/users/", {"role": "manager"}).json()["results"]
    assert [user["id"] for user in found] == [manager.pk]


def test_a_filter_that_is_none_is_400(with_token: Client) -> None:
    answer = with_token.get("/api/v1/users/", {"role": "king"})
    assert answer.status_code == 400
    assert "role" in answer.json()["error"]["details"]["fields"]


@pytest.mark.parametrize("words", [{"page_size": "-1"}, {"page_size": "x"}, {"sort": "password"}, {"after": "forged"}])
def test_nonsense_in_paging_is_no_error(words: dict[str, str], with_token: Client) -> None:
    assert with_token.get("/api/v1/users/", words).status_code == 200


def test_what_does_not_exist_is_404_in_the_one_shape(with_token: Client) -> None:
    for address in ("/api/v1/users/999999999999999999/", "/api/v1/users/abc/", "/api/v1/nothing/", "/api/v2/"):
        answer = with_token.get(address)
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found"), address


def test_writing_what_is_only_read_is_405(with_token: Client) -> None:
    answer = with_token.post("/api/v1/users/", {}, content_type="application/json")
    assert (answer.status_code, answer.json()["error"]["code"]) == (405, "method_not_allowed")


def test_too_many_requests_are_429(with_token: Client, settings: Any) -> None:
    from django.core.cache import cache

    cache.clear()
    settings.API_REQUESTS_A_MINUTE = 2
    statuses = [with_token.get("/api/v1/users/me/").status_code for _ in range(4)]
    cache.clear()
    assert 429 in statuses
    assert statuses[:2] == [200, 200]


def test_a_list_costs_three_statements(with_token: Client, rep: User, django_assert_max_num_queries: Any) -> None:
    with_token.get("/api/v1/users/")  # the day's first use of a token is written down
    with django_assert_max_num_queries(3):
        with_token.get("/api/v1/users/")


def test_the_description_names_refusals_and_drawing_it_needs_nobody(with_token: Client) -> None:
    schema = with_token.get("/api/schema/", headers={"Accept": "application/json"}).json()
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            assert {"400", "401", "403"} <= set(operation["responses"]), (method, path)
    assert schema["components"]["securitySchemes"]["token"]["scheme"] == "bearer"


def test_the_description_names_filters_search_and_sorts(with_token: Client) -> None:
    schema = with_token.get("/api/schema/", headers={"Accept": "application/json"}).json()
    words = {parameter["name"] for parameter in schema["paths"]["/api/v1/accounts/"]["get"]["parameters"]}
    assert {"tier", "owner", "q", "sort", "page_size", "after", "before"} <= words

"""Pages for what goes wrong: each is drawn, says what to do, and needs nothing that may itself be broken."""

from collections.abc import Iterator

import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from accounts.models import Account
from config.urls import handler400, handler403, handler404, handler500
from config.urls import urlpatterns as product
from core.errors import Conflict, DomainError, NotAllowed, NotFound
from core.models import User
from tests.browser import PageOpener, assert_accessible, assert_fits


def _raise(error: Exception):
    def view(request: HttpRequest) -> HttpResponse:
        raise error

    return view


def _conflict(request: HttpRequest) -> HttpResponse:
    raise Conflict(
        "韩梅梅 saved this account a minute ago.",
        current=Account(pk=1, name="华为", city="深圳"),
        yours={"name": "华为技术", "city": "深圳"},
    )


urlpatterns = [
    *product,
    path("try/403/", _raise(NotAllowed())),
    path("try/404/", _raise(NotFound())),
    path("try/409/", _conflict),
    path("try/409/done/", _raise(Conflict("It is confirmed already."))),
    path("try/422/", _raise(DomainError("A lost prospect cannot move."))),
    path("try/500/", _raise(RuntimeError("broken"))),
    path("try/503/", _raise(OperationalError("gone"))),
]
pytestmark = pytest.mark.urls("tests.look.test_errors")
__all__ = ["handler400", "handler403", "handler404", "handler500"]


@pytest.fixture
def client_of_rep(rep: User) -> Iterator[Client]:
    client = Client(raise_request_exception=False)
    client.force_login(rep)
    with override_settings(DEBUG=False):
        yield client


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (403, "You may not do this"),
        (404, "Not found"),
        (409, "Two versions"),
        (422, "A lost prospect cannot move."),
        (500, "Something went wrong on our side"),
        (503, "Back in a moment"),
    ],
)
def test_each_refusal_has_a_page(client_of_rep: Client, status: int, words: str) -> None:
    answer = client_of_rep.get(f"/try/{status}/")
    assert answer.status_code == status
    assert words in answer.content.decode()


def test_a_conflict_shows_both_versions_of_what_differs(client_of_rep: Client) -> None:
    page = client_of_rep.get("/try/409/")
    assert [(one.label, one.theirs, one.yours) for one in page.context["differences"]] == [("Name", "华为", "华为技术")]
    assert "华为技术" in page.content.decode()
    assert "深圳" not in page.content.decode()


def test_a_conflict_without_a_record_says_its_sentence_in_the_side_sheet_too(client_of_rep: Client) -> None:
    page = client_of_rep.get("/try/409/done/", headers={"HX-Request": "true"})
    assert page.status_code == 409
    assert "It is confirmed already." in page.content.decode()
    assert "<table" not in page.content.decode()


def test_the_error_page_needs_no_query(client_of_rep: Client, django_assert_num_queries) -> None:
    client_of_rep.get("/try/500/")
    with django_assert_num_queries(0):
        Client(raise_request_exception=False).get("/try/503/")


def test_a_refusal_to_htmx_is_a_toast_and_swaps_nothing(client_of_rep: Client) -> None:
    answer = client_of_rep.get("/try/422/", headers={"HX-Request": "true"})
    assert answer.headers["HX-Reswap"] == "none"
    assert "A lost prospect cannot move." in answer.headers["HX-Trigger"]


def test_an_ended_session_leads_the_whole_page_to_sign_in(client: Client, db: None) -> None:
    answer = client.get(
        "/try/404/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/accounts/?q=a"}
    )
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"] == "/auth/login/?next=%2Faccounts%2F%3Fq%3Da"


@pytest.mark.parametrize("status", [403, 404, 409, 500])
def test_error_pages_are_accessible(open_page: PageOpener, rep: User, status: int) -> None:
    page = open_page(f"/try/{status}/", as_user=rep, width=390)
    assert_accessible(page)
    assert_fits(page)

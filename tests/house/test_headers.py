"""What every answer carries, errors and files too: a strict content policy and no room for guessing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from config.urls import handler400, handler403, handler404, handler500
from config.urls import urlpatterns as ours
from core.models import User


def crash(request: object) -> HttpResponse:
    raise RuntimeError("on purpose")


urlpatterns = [*ours, path("crash/", crash)]
__all__ = ["handler400", "handler403", "handler404", "handler500"]

ANSWERS = [
    ("/auth/login/", 200),
    ("/", 302),
    ("/no-such-page/", 404),
    ("/healthz", 200),
    ("/api/v1/accounts/", 401),
    ("/crash/", 302),
]
SIGNED_IN = [
    ("/", 200),
    ("/accounts/", 200),
    ("/accounts/?export=csv", 200),
    ("/accounts/999999/", 404),
    ("/settings/users/", 403),
    ("/api/v1/accounts/", 200),
    ("/api/docs/", 200),
    ("/crash/", 500),
]


def assert_strict(response: HttpResponse) -> None:
    policy = response.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    for directive in ("default-src 'self'", "frame-ancestors 'none'", "object-src 'none'", "base-uri 'self'"):
        assert directive in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.urls("tests.house.test_headers")
@pytest.mark.parametrize(("address", "status"), ANSWERS)
def test_a_stranger_gets_strict_headers(db: None, address: str, status: int) -> None:
    response = Client(raise_request_exception=False).get(address)
    assert response.status_code == status
    assert_strict(response)


@pytest.mark.urls("tests.house.test_headers")
@pytest.mark.parametrize(("address", "status"), SIGNED_IN)
def test_a_rep_gets_strict_headers(rep: User, as_user: Callable[[User], Client], address: str, status: int) -> None:
    browser = as_user(rep)
    browser.raise_request_exception = False
    response = browser.get(address)
    assert response.status_code == status
    assert_strict(response)


def test_a_page_has_no_inline_script_or_style(rep: User, as_user: Callable[[User], Client]) -> None:
    page = as_user(rep).get("/").content.decode()
    assert " style=" not in page
    assert " onclick=" not in page
    assert "hx-on" not in page

"""The health page, and that a browser gets one at all."""

from unittest import mock

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page

from core import health


@pytest.mark.django_db
def test_everything_is_well(client: Client) -> None:
    health.note_tick(timezone.now())
    answer = client.get("/healthz")
    assert answer.status_code == 200
    parts = {"database": "ok", "redis": "ok", "migrations": "ok", "jobs": "ok", "clock": "ok", "reminders": "ok"}
    parts["ledger"] = "not checked yet"
    assert answer.json() == {"status": "ok", **parts}


@pytest.mark.django_db
@pytest.mark.parametrize("part", ["database", "redis", "migrations"])
def test_what_is_broken_is_named(client: Client, part: str) -> None:
    with mock.patch.dict(health.CHECKS, {part: mock.Mock(side_effect=ConnectionError("gone"))}):
        answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()[part] == "failing"
    assert "gone" not in answer.content.decode()


@pytest.mark.django_db
def test_late_jobs_are_told_without_taking_the_server_out(client: Client) -> None:
    with mock.patch.dict(health.CHECKS, {"jobs": lambda: "late by 400 s"}):
        answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json()["jobs"] == "late by 400 s"


def test_only_reading_is_allowed(client: Client) -> None:
    assert client.post("/healthz").status_code == 405


def test_a_browser_reads_it(page: Page) -> None:
    page.goto("/healthz")
    assert '"status": "ok"' in page.content()

"""`/metrics`: who may read it, and that it says how things stand."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from core import health
from reminders.choices import Channel, State
from reminders.models import Occurrence
from tests.reminders.desk import put_on_desk

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def queue(monkeypatch):
    monkeypatch.setattr(health, "queue_length", lambda: 3)


def test_it_is_read_from_this_machine_and_private_networks():
    assert Client().get("/metrics").status_code == 200
    assert Client().get("/metrics", REMOTE_ADDR="10.2.3.4").status_code == 200
    assert Client().get("/metrics", REMOTE_ADDR="93.184.216.34").status_code == 403
    assert Client().get("/metrics", headers={"X-Forwarded-For": "93.184.216.34"}).status_code == 403
    assert Client().post("/metrics").status_code == 405


def test_with_a_token_only_who_knows_it_reads(settings):
    settings.METRICS_TOKEN = "a-long-secret"
    assert Client().get("/metrics").status_code == 403
    assert Client().get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 403
    given = {"Authorization": "Bearer a-long-secret"}
    assert Client().get("/metrics", headers=given, REMOTE_ADDR="93.184.216.34").status_code == 200


def test_it_says_what_is_due_and_given_up(rep):
    reminder = put_on_desk(rep)
    mail = Occurrence.objects.siblings_of(reminder).filter(channel=Channel.EMAIL)
    mail.update(free_at=timezone.now() - timedelta(minutes=10))
    figures = Client().get("/metrics").content.decode()
    assert 'keyline_reminders_due{channel="email"} 1.0' in figures
    assert 'keyline_ok{part="reminders"} 0.0' in figures and 'keyline_ok{part="database"} 1.0' in figures
    assert "keyline_queue_length 3.0" in figures
    assert Client().get("/healthz").json()["reminders"].startswith("late by 6")
    mail.update(state=State.PARKED)
    assert "keyline_reminders_parked 1.0" in Client().get("/metrics").content.decode()
    assert Client().get("/healthz").json()["reminders"] == "1 given up"


def test_a_missing_beat_and_a_missing_worker_are_told_apart(monkeypatch):
    health.note_tick(timezone.now())
    assert Client().get("/healthz").json()["clock"] == "ok"
    health.note_tick(timezone.now() - timedelta(minutes=20))
    assert Client().get("/healthz").json()["clock"] == "no worker takes from the queue, 3 waiting"
    monkeypatch.setattr(health, "queue_length", lambda: 0)
    assert Client().get("/healthz").json()["clock"] == "no beat for 1200 s"

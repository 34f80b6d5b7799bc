"""Every task bears a second run: a worker may die after its last commit, a broker may hand a message over twice (assurance §5).

A new task fails here until it is listed with what it is run with. Jobs of the clock are run twice in `tests/core/test_tick.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from config.celery import app
from core import tick
from core.models import AuditEvent, ImportJob, JobRun, User
from dunning.models import Message
from reminders.models import Delivery, Occurrence
from tests.factories import make_prospect

Made = Callable[[User], list[Any]]


def nothing(_rep: User) -> list[Any]:
    return []


def somebody_to_tell(rep: User) -> list[Any]:
    make_prospect(rep, next_step="Call", next_step_on=date(2026, 3, 2))
    return []


def a_job(_rep: User) -> list[Any]:
    tick.plan(timezone.now())
    return [JobRun.objects.get(job="core.tidy").pk]


def an_event(rep: User) -> list[Any]:
    prospect = make_prospect(rep, next_step="Call", next_step_on=date(2026, 3, 2))
    event = AuditEvent(code="prospects.won", target_type="prospects.prospect", target_id=prospect.pk, actor=rep)
    event.save()
    return [event.pk]


def a_finished_import(rep: User) -> list[Any]:
    return [ImportJob.objects.create(by=rep, file_name="a.csv", file="gone", state="done").pk]


WITH: dict[str, Made] = {
    "core.tick": somebody_to_tell,
    "core.run_job": a_job,
    "core.deliver_event": an_event,
    "core.work_on_import": a_finished_import,
    "core.read_import": a_finished_import,
    "core.staff.tasks.mail_invitation": lambda rep: [rep.pk, "http://testserver"],
    "dunning.send_messages": nothing,
    "reminders.plan": somebody_to_tell,
    "reminders.tell": somebody_to_tell,
    "reminders.send": lambda rep: [*somebody_to_tell(rep), "email"],
}


def tasks() -> list[str]:
    app.loader.import_default_modules()
    return sorted(name for name in app.tasks if not name.startswith("celery."))


def rows() -> dict[str, int]:
    """How many there are of what a task may add."""
    return {model.__name__: model.objects.count() for model in (AuditEvent, Delivery, JobRun, Message, Occurrence)}


def test_every_task_is_listed() -> None:
    assert tasks() == sorted(WITH)


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(WITH))
def test_a_second_run_adds_nothing(name: str, rep: User, monkeypatch: pytest.MonkeyPatch) -> None:
    tasks()  # read in every app, as a worker does
    with_what = WITH[name](rep)
    if name == "core.tick":
        monkeypatch.setattr(tick, "JOBS", {})  # they are run twice elsewhere, and take their time
    app.tasks[name].delay(*with_what)
    after_one = rows()
    app.tasks[name].delay(*with_what)
    assert rows() == after_one
    if name in {"core.tick", "core.deliver_event", "reminders.plan"}:
        assert after_one["Occurrence"] > 0  # it had something to do

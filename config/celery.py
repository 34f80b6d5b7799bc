"""The Celery application. Beat has one entry, the tick; what is due, and whether it ran, stands in PostgreSQL."""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("keyline")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(["core.imports", "core.staff"])  # rooms of core that are packages

# A tick nobody took within the minute is worth nothing: the next one does its work.
app.conf.beat_schedule = {"tick": {"task": "core.tick", "schedule": 60.0, "options": {"expires": 55}}}


@worker_ready.connect
def tick_at_once(**_about: Any) -> None:
    """A worker that comes up after a death looks at once what is due, and does not wait for the clock."""
    app.send_task("core.tick", expires=55)

"""What a worker knows when it starts, and the few settings a lost task hangs on."""

import json
import subprocess
import sys
from pathlib import Path
from unittest import mock

from celery.signals import worker_ready
from django.conf import settings

from config.celery import app

ROOT = Path(__file__).resolve().parents[2]


def test_a_worker_knows_every_task() -> None:
    """A task whose module the worker does not load is thrown away when it arrives."""
    program = (
        "import json, sys; from config.celery import app; app.loader.import_default_modules(); "
        "print(json.dumps([name for name in sys.modules if name.endswith('.tasks')]))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=120)
    known = set(json.loads(done.stdout.splitlines()[-1]))
    files = [path for path in ROOT.glob("*/**/tasks.py") if not {".venv", "node_modules"} & set(path.parts)]
    written = {".".join(path.relative_to(ROOT).with_suffix("").parts).removeprefix("collections.") for path in files}
    assert "core.tasks" in written
    assert written <= known


def test_the_clock_has_one_entry_that_does_not_pile_up() -> None:
    (entry,) = app.conf.beat_schedule.values()
    assert entry["task"] == "core.tick"
    assert entry["options"]["expires"] < entry["schedule"]


def test_a_worker_that_comes_up_looks_at_once_what_is_due() -> None:
    with mock.patch.object(app, "send_task") as sent:
        worker_ready.send(sender=None)
    sent.assert_called_once_with("core.tick", expires=55)


def test_a_killed_worker_loses_no_task_and_none_outlives_its_message() -> None:
    assert settings.CELERY_TASK_ACKS_LATE
    assert settings.CELERY_TASK_REJECT_ON_WORKER_LOST
    assert settings.CELERY_WORKER_PREFETCH_MULTIPLIER == 1
    assert settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"] > settings.CELERY_TASK_TIME_LIMIT


def test_no_task_is_sent_into_the_distant_future() -> None:
    """PostgreSQL keeps what is due later: a message that waits longer than the visibility timeout runs twice."""
    ours = [path for path in ROOT.glob("*/**/*.py") if path.relative_to(ROOT).parts[0] in {*PACKAGES}]
    assert not [
        str(path.relative_to(ROOT)) for path in ours if "countdown=" in path.read_text() or "eta=" in path.read_text()
    ]


PACKAGES = ("accounts", "collections", "core", "desk", "prospects", "relationships", "reminders")

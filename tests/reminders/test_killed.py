"""Some hours in some seconds, with processes killed at random: nothing lost, nothing twice (`python -m bench.reminders` does 72)."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection

from bench.reminders_killed import accelerate


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_whoever_is_killed_loses_nothing_and_tells_nothing_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    monkeypatch.setenv("DATABASE_URL", ours.geturl())
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "config.settings")
    monkeypatch.setenv("KEYLINE_DATA_DIR", str(Path(settings.DATA_DIR)))
    assert accelerate(hours=30, kills=8, facts=60, seconds=8) == []

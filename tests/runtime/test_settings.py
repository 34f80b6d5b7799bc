"""Settings from the environment: what production refuses, in one sentence, and what addresses mean."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.redis import broker_and_cache

ROOT = Path(__file__).resolve().parents[2]
SECRET = "k7#vQ2mZ9!xR4tB8wL1pD6sH3yF5nJ0cG-aEuTiOoXqWzPbMlK"
PRODUCTION = {"KEYLINE_ENV": "production", "SECRET_KEY": SECRET, "ALLOWED_HOSTS": "crm.example.com", "DEBUG": ""}


def start(program: list[str], **variables: str) -> subprocess.CompletedProcess[str]:
    """Start a program of ours with these settings; an empty value means: not set."""
    mine = ("KEYLINE", "DATABASE", "REDIS", "DEBUG", "SECRET", "ALLOWED", "DJANGO")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(mine)}
    given = {name: value for name, value in variables.items() if value}
    command = [sys.executable, *program]
    return subprocess.run(command, cwd=ROOT, env={**clean, **given}, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY must be a random string of 50 characters or more"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY must be a random string of 50 characters or more"),
        ({"SECRET_KEY": "a" * 60}, "SECRET_KEY must be a random string of 50 characters or more"),
        ({"DEBUG": "true"}, "DEBUG must be off when KEYLINE_ENV=production"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS must name"),
        ({"KEYLINE_ENV": "staging"}, "it must be local or production"),
        ({"DATABASE_URL": "sqlite:///x.db"}, "DATABASE_URL must name a PostgreSQL database"),
        ({"REDIS_URL": "memcached://x"}, "REDIS_URL must look like"),
    ],
)
def test_a_dangerous_setting_is_refused(wrong: dict[str, str], sentence: str) -> None:
    done = start(["-c", "import config.settings"], **{**PRODUCTION, **wrong})
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    assert last.startswith("django.core.exceptions.ImproperlyConfigured: ")
    assert sentence in last


def test_a_command_refuses_without_a_traceback() -> None:
    done = start(["manage.py", "check"], **{**PRODUCTION, "SECRET_KEY": ""})
    assert done.returncode == 1
    assert done.stderr.startswith("keyline: SECRET_KEY must be")
    assert done.stderr.count("\n") == 1


def test_the_web_server_refuses_with_the_same_sentence() -> None:
    done = start(["-c", "import config.wsgi"], **{**PRODUCTION, "DEBUG": "true"})
    assert done.returncode == 1
    assert done.stderr == "keyline: DEBUG must be off when KEYLINE_ENV=production.\n"


def test_production_passes_django_s_own_deployment_check() -> None:
    secure = {"SECURE_SSL_REDIRECT": "true", "BEHIND_TLS_PROXY": "true"}
    done = start(
        ["manage.py", "check", "--deploy", "--tag", "security", "--fail-level", "WARNING"], **PRODUCTION, **secure
    )
    assert done.returncode == 0, done.stderr


def test_the_broker_and_the_cache_are_two_databases() -> None:
    assert broker_and_cache("redis://host:6379") == ("redis://host:6379/0", "redis://host:6379/1")
    assert broker_and_cache("rediss://:pw@host:6380/4") == ("rediss://:pw@host:6380/4", "rediss://:pw@host:6380/5")
    assert broker_and_cache("unix:///run/v.sock?db=0") == (
        "redis+socket:///run/v.sock?virtual_host=0",
        "unix:///run/v.sock?db=1",
    )
    with pytest.raises(ImproperlyConfigured):
        broker_and_cache("redis://host:6379/zero")

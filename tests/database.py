"""Databases for tests: one template with all migrations, a quick copy of it for every worker and run.

The template carries a fingerprint of the migrations in its name, so later runs skip migrating altogether; what it has
seen stands in its comment, so a new migration is applied to the template before it instead of all to an empty database.
`--create-db` builds it afresh.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import closing
from functools import cache
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import TransactionTestCase
from pytest_django import DjangoDbBlocker

from bin import servers
from bin.processes import locked

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(settings.DATA_DIR)
EMBEDDED = settings.EMBEDDED_SERVER
PREFIX = "test_keyline"
TEMPLATES_KEPT = 4


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_test_environment: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """Give this worker a database of its own, copied from the migrated template."""
    if EMBEDDED:
        servers.start(DATA, redis=False)
        _make_forgetful()
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    ours = f"{PREFIX}_{os.getpid()}_{worker}"
    with locked(DATA / "template.lock"):
        _drop_leftovers()
        template = _ready_template(
            django_db_blocker, afresh=request.config.getvalue("create_db") and worker in ("main", "gw0")
        )
        _copy(template, ours)
    _point_at(ours)
    yield
    with django_db_blocker.unblock():
        connection.close()
    _server(f'drop database if exists "{ours}" with (force)')


@pytest.fixture(scope="session", autouse=True)
def leave_rows_of_transactional_tests() -> Iterator[None]:
    """Their database is replaced as a whole (below): emptying every table first would take longer than the copy."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _self: None)
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """A transactional test leaves its rows: give the next test a fresh copy."""
    try:
        yield
    finally:  # also after a test that fails as it ends
        if _is_transactional(item) and connection.settings_dict["NAME"].startswith(f"{PREFIX}_{os.getpid()}"):
            ours = str(connection.settings_dict["NAME"])
            _server(f'drop database if exists "{ours}" with (force)')
            _copy(_template_name(), ours)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the embedded server when the run is over, unless another run uses it."""
    if EMBEDDED and not hasattr(config, "workerinput"):
        servers.stop(DATA, only_if_idle=True)


def _is_transactional(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    names = set(getattr(item, "fixturenames", ()))
    return bool(marker and marker.kwargs.get("transaction")) or not names.isdisjoint(
        {"transactional_db", "live_server"}
    )


@cache
def _migrations() -> dict[str, str]:
    """Every migration of ours with its fingerprint, as they stood when this run began."""
    files = [*ROOT.glob("*/migrations/*.py"), *ROOT.glob("collections/*/migrations/*.py")]
    return {str(file.relative_to(ROOT)): hashlib.sha256(file.read_bytes()).hexdigest()[:12] for file in sorted(files)}


@cache
def _template_name() -> str:
    """Changes whenever a migration or a pinned package changes."""
    mark = json.dumps(_migrations()).encode() + (ROOT / "requirements.txt").read_bytes()
    return f"{PREFIX}_template_{hashlib.sha256(mark).hexdigest()[:12]}"


def _ready_template(blocker: DjangoDbBlocker, *, afresh: bool) -> str:
    name = _template_name()
    if afresh:
        _server(f'drop database if exists "{name}" with (force)')
    elif _server(f"select 1 from pg_database where datname = '{name}'"):
        return name
    unfinished = f"{PREFIX}_unfinished"
    _server(f'drop database if exists "{unfinished}" with (force)')
    base = None if afresh else _earlier_template()
    _copy(base or "template1", unfinished)
    with blocker.unblock():
        _point_at(unfinished)
        call_command("migrate", verbosity=0, interactive=False)
        connection.close()
    _server(f'comment on database "{unfinished}" is $${json.dumps(_migrations())}$$')
    _server(f'alter database "{unfinished}" rename to "{name}"')
    return name


def _earlier_template() -> str | None:
    """A template that lacks migrations of now and has none of another wording."""
    now = _migrations().items()
    for name, comment in _server(
        "select datname, shobj_description(oid, 'pg_database') from pg_database"
        f" where datname like '{PREFIX}\\_template\\_%' order by oid desc"
    ):
        if comment and json.loads(comment).items() <= now:
            return name
    return None


def _make_forgetful() -> None:
    """The tests' own cluster need not outlive a power cut: no waiting for the disk."""
    for name in ("fsync", "full_page_writes", "synchronous_commit"):
        _server(f"alter system set {name} = off")
    _server("select pg_reload_conf()")


def _copy(template: str, name: str) -> None:
    strategy = "file_copy" if EMBEDDED else "wal_log"  # the first is twice as fast where nothing waits for the disk
    _server(f'create database "{name}" template "{template}" strategy {strategy}')


def _point_at(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name
    settings.DATABASES["default"]["NAME"] = name


def _drop_leftovers() -> None:
    """Databases of runs that were killed, and all but the newest templates: two checkouts may share a server."""
    names = [
        name for (name,) in _server(f"select datname from pg_database where datname like '{PREFIX}\\_%' order by oid")
    ]
    templates = [name for name in names if name.startswith(f"{PREFIX}_template_")]
    for name in names:
        owner = name.removeprefix(f"{PREFIX}_").partition("_")[0]
        dead_run = owner.isdigit() and not Path(f"/proc/{owner}").exists()
        if dead_run or (name in templates[:-TEMPLATES_KEPT] and name != _template_name()):
            _server(f'drop database if exists "{name}" with (force)')


def _server(sql: str) -> list[tuple[str, ...]]:
    """Run one statement on the server's own database `postgres`, past Django."""
    options = connection.get_connection_params() | {"dbname": "postgres"}
    for name in ("context", "cursor_factory"):
        options.pop(name, None)
    with closing(psycopg2.connect(**options)) as server:
        server.autocommit = True
        with server.cursor() as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall()) if cursor.description else []

"""PostgreSQL goes away under eight clients who enter payments, and comes back (T11; `bench.restarts` does it five times)."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from bin import postgres
from bin.places import DATABASE_USER, places
from bin.processes import as_user

ROOT = Path(__file__).resolve().parent.parent.parent

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.skipif(not settings.EMBEDDED_SERVER, reason="restarts a server of its own, from the embedded programs"),
]


@pytest.fixture
def folder() -> Iterator[Path]:
    found = Path(tempfile.mkdtemp(prefix="keyline-test-"))
    found.chmod(0o755)
    yield found
    shutil.rmtree(found, ignore_errors=True)


def test_no_payment_is_lost_and_the_page_is_back_within_seconds(folder: Path) -> None:
    dump, at = folder / "migrated.dump", places(Path(settings.DATA_DIR))
    command = [postgres.find_tools(at) / "pg_dump", "--format=custom", "-h", at.sockets, "-U", DATABASE_USER]
    with dump.open("wb") as output:
        subprocess.run([*command, str(connection.settings_dict["NAME"])], **as_user(at.user), stdout=output, check=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    environment = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "bench.restarts",
            "--restarts",
            "1",
            "--within",
            "15",  # three times T11's limit: other tests run beside this one
            "--folder",
            str(folder / "data"),
            "--dump",
            str(dump),
        ],
        cwd=ROOT,
        env=environment | {"RESTARTS_PORT": port, "DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "payments, answers" in done.stdout

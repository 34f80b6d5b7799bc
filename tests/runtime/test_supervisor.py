"""`make run`, the real thing: everything up, a part killed, Ctrl-C, nothing left behind."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from shutil import rmtree

import pytest

from bin import postgres, servers, valkey
from bin.places import places
from bin.processes import group_members, wait_until

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120  # seconds; a busy machine is no failure


@pytest.fixture
def data() -> Iterator[Path]:
    """An empty data folder."""
    folder = Path(tempfile.mkdtemp(prefix="keyline-test-"))
    folder.chmod(0o755)
    yield folder
    servers.stop(folder)
    rmtree(folder)


def health(port: int) -> str:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        line.request("GET", "/healthz", headers={"Host": "localhost"})
        return str(json.load(line.getresponse())["status"])
    except (OSError, ValueError, http.client.HTTPException):
        return "no answer"
    finally:
        line.close()


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_everything_starts_survives_a_kill_and_stops(data: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    mine = ("KEYLINE", "DATABASE", "REDIS", "DJANGO", "DEBUG", "ALLOWED", "PYTEST")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(mine)}
    environment |= {"KEYLINE_DATA_DIR": str(data), "KEYLINE_DEMO": "no", "PORT": str(port)}
    log = data / "said.txt"
    with log.open("w") as said:
        command = [sys.executable, "-m", "bin.supervisor"]
        keyline = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=said, stderr=said)
    try:
        assert wait_until(lambda: "Ctrl-C stops it" in log.read_text(), PATIENCE, 0.2), log.read_text()
        assert health(port) == "ok"
        assert wait_until(lambda: len(json.loads((data / "run.json").read_text())) == 3, PATIENCE)

        groups = json.loads((data / "run.json").read_text())
        os.kill(groups["web"], signal.SIGKILL)
        os.kill(int((places(data).postgres / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        assert wait_until(lambda: "The web process ended (signal 9): starting it again." in log.read_text(), PATIENCE)
        assert wait_until(lambda: health(port) == "ok", PATIENCE, 0.5), log.read_text()
        assert "PostgreSQL died: starting again." in log.read_text()

        groups = json.loads((data / "run.json").read_text())
        keyline.send_signal(signal.SIGINT)
        assert keyline.wait(PATIENCE) == 0
    finally:
        keyline.kill()
    assert log.read_text().rstrip().endswith("Keyline has stopped.")
    assert f'File "{ROOT / "bin"}' not in log.read_text(), "the launcher itself stumbled"
    assert not [member for group in groups.values() for member in group_members(group, ROOT)]
    assert not postgres.answers(places(data))
    assert not valkey.answers(places(data))

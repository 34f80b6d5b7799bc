"""Runs the web server, one Celery worker and beat side by side, with the embedded servers beneath them.

A part that dies is started again; a database or broker that was killed too. Ctrl-C stops everything in order. Runs inside
the virtual environment: `python -m bin.supervisor [--dev]`.
"""

import fcntl
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import TextIO

from bin import servers, setup
from bin.environment import read_dotenv
from bin.places import ROOT, data_dir, places
from bin.processes import end_group, group_members, need_space, open_folder, wait_until
from bin.refusal import Refusal, guarded

STOP_SECONDS = 15
START_SECONDS = 60
QUIET_SECONDS = 2  # in development: how long nothing was saved before the worker is started again
TOO_OFTEN = 5  # deaths of one part within a minute after which we give up


def address() -> tuple[str, int]:
    """Host and port to serve on: `HOST` and `PORT`, else 127.0.0.1:8000."""
    port = os.environ.get("PORT") or "8000"
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise Refusal(f"PORT={port} is not a port number: choose one between 1024 and 65535.")
    return os.environ.get("HOST") or "127.0.0.1", int(port)


def claim() -> TextIO:
    """Make sure nothing of ours runs from this data folder and the port is free; the open file holds the claim."""
    data = data_dir()
    open_folder(data)
    handle = (data / "run.lock").open("a+")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.seek(0)
        raise Refusal(f"Keyline already runs from this folder at {handle.read().strip()}: stop it first.") from None
    _end_leftovers(data)
    host, port = address()
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise Refusal(
                f"Port {port} needs more rights than you have: choose one above 1023 (`make run PORT=8001`)."
            ) from None
        except OSError as error:
            raise Refusal(
                f"Port {port} of {host} is taken ({error.strerror}): choose another, as in `make run PORT=8001`."
            ) from None
    handle.truncate(0)
    handle.write(f"http://{host}:{port}/ (process {os.getpid()})\n")
    handle.flush()
    return handle


@dataclass
class Part:
    """One child process and how often it died lately."""

    name: str
    command: list[str]
    process: "subprocess.Popen[bytes] | None" = None
    deaths: list[float] = field(default_factory=list)

    def start(self) -> None:
        """Start it in a session of its own, so that the terminal's Ctrl-C reaches us alone."""
        self.process = subprocess.Popen(self.command, cwd=ROOT, start_new_session=True, stdin=subprocess.DEVNULL)

    def is_alive(self) -> bool:
        """Whether the process still runs."""
        return self.process is not None and self.process.poll() is None

    def end(self, how: signal.Signals) -> None:
        """Send a signal to the process itself; it tells its own children."""
        if self.process and self.is_alive():
            self.process.send_signal(how)

    def wait(self, seconds: float) -> None:
        """Give it time to end."""
        wait_until(lambda: not self.is_alive(), seconds)


class Supervisor:
    """Keeps the parts alive until asked to stop."""

    def __init__(self, *, dev: bool) -> None:
        self.dev = dev
        self.data = data_dir()
        self.own_database = not os.environ.get("DATABASE_URL")
        self.own_redis = not os.environ.get("REDIS_URL")
        self.stopping = False
        host, port = address()
        self.url = f"http://{'localhost' if host in ('127.0.0.1', '0.0.0.0') else host}:{port}/"  # noqa: S104
        self.parts = _parts(host, port, dev=dev)

    def run(self) -> int:
        """Everything from the first check to the last goodbye."""
        with claim():
            need_space(self.data, 100)
            signal.signal(signal.SIGINT, self._ask_to_stop)
            signal.signal(signal.SIGTERM, self._ask_to_stop)
            signal.signal(signal.SIGHUP, self._ask_to_stop)
            self._start_servers()
            try:
                self._prepare()
                self._start_parts()
                self._watch()
            finally:
                self._stop_everything()
        return 0

    def _start_servers(self) -> None:
        if self.own_database or self.own_redis:
            servers.start(self.data, database=self.own_database, redis=self.own_redis)

    def _prepare(self) -> None:
        setup.compile_sources()
        wishes = ["--dev"] if self.dev else []
        if os.environ.get("KEYLINE_DEMO", "").lower() in ("0", "no", "false"):
            wishes.append("--no-demo")
        done = subprocess.run([sys.executable, "manage.py", "prepare", *wishes], cwd=ROOT)
        if done.returncode != 0 and not self.stopping:
            raise Refusal("The database or the files could not be made ready; the reason stands above.")

    def _start_parts(self) -> None:
        """The web server first and alone: it is what somebody waits for."""
        web, *others = self.parts
        web.start()
        self._remember()
        if self._wait_for_answer():
            self._greet()
        for part in others if not self.stopping else []:
            part.start()
        self._remember()

    def _wait_for_answer(self) -> bool:
        host, port = address()

        def settled() -> bool:
            return self.stopping or not self.parts[0].is_alive() or _answers(host, port)

        wait_until(settled, START_SECONDS, pause=0.1)
        return not self.stopping and _answers(host, port)

    def _greet(self) -> None:
        print(f"\n  Keyline is ready: {self.url}\n", flush=True)
        welcome = self.data / "welcome.txt"
        if welcome.exists():
            print(textwrap.indent(welcome.read_text(encoding="utf-8"), "  "), flush=True)
        print("  Ctrl-C stops it.\n", flush=True)

    def _watch(self) -> None:
        """Once a second: start again what died, and in development the worker when its code has changed."""
        sources = _newest_source() if self.dev else 0.0
        while not self.stopping:
            time.sleep(1)
            self._revive_servers()
            newest = _newest_source() if self.dev else 0.0
            changed = newest > sources and time.time() - newest > QUIET_SECONDS
            for part in self.parts:
                if changed and part.name == "worker":
                    part.end(signal.SIGTERM)
                    part.wait(STOP_SECONDS)
                # In development a part that died of a mistake waits for the next change instead of dying every second.
                if not part.is_alive() and (changed or not self.dev):
                    self._revive(part)
            if changed:
                sources = newest

    def _revive(self, part: Part) -> None:
        if part.process is None or self.stopping:
            return
        now = time.monotonic()
        part.deaths = [moment for moment in part.deaths if now - moment < 60] + [now]
        if len(part.deaths) > TOO_OFTEN and not self.dev:
            raise Refusal(f"The {part.name} process ends again and again; the reason stands above.")
        end_group(part.process.pid, ROOT)
        if not self.dev:
            print(f"The {part.name} process ended ({_how(part.process.returncode)}): starting it again.", flush=True)
        part.start()
        self._remember()

    def _revive_servers(self) -> None:
        at = places(self.data)
        database_is_gone = self.own_database and not _listens(at.sockets / ".s.PGSQL.5432")
        redis_is_gone = self.own_redis and not _listens(at.valkey_socket)
        if database_is_gone or redis_is_gone:
            gone = [name for name, is_gone in (("PostgreSQL", database_is_gone), ("Redis", redis_is_gone)) if is_gone]
            print(f"{' and '.join(gone)} died: starting again.", flush=True)
            self._start_servers()

    def _remember(self) -> None:
        """Note the process groups, so that a later start finds what a killed supervisor left behind."""
        groups = {part.name: part.process.pid for part in self.parts if part.process}
        (self.data / "run.json").write_text(json.dumps(groups))

    def _ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        if self.stopping:
            for part in self.parts:
                part.end(signal.SIGKILL)
        self.stopping = True

    def _stop_everything(self) -> None:
        self.stopping = True
        print("\nStopping …", flush=True)
        for part in reversed(self.parts):
            part.end(signal.SIGTERM)
        wait_until(lambda: not any(part.is_alive() for part in self.parts), STOP_SECONDS)
        for part in self.parts:
            if part.process:
                end_group(part.process.pid, ROOT)
        (self.data / "run.json").unlink(missing_ok=True)
        if self.own_database or self.own_redis:
            servers.stop(self.data, only_if_idle=True)
        print("Keyline has stopped.", flush=True)


def _parts(host: str, port: int, *, dev: bool) -> list[Part]:
    python = sys.executable
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    web = [python, "-m", "gunicorn", "--config", "config/gunicorn.py", "--bind", bind, "config.wsgi"]
    if dev:
        os.environ.setdefault("DEBUG", "true")
        web = [python, "manage.py", "runserver", bind]
    root_warning = "ignore:You're running the worker with superuser privileges"
    celery = [python, "-W", root_warning, "-m", "celery", "--quiet", "-A", "config"]
    concurrency = os.environ.get("KEYLINE_WORKER_CONCURRENCY") or "2"
    quiet = ["--loglevel", "WARNING"]
    parts = [
        Part("web", web),
        Part(
            "worker", [*celery, "worker", "--concurrency", concurrency, "--without-mingle", "--without-gossip", *quiet]
        ),
        Part("beat", [*celery, "beat", "--scheduler", "celery.beat:Scheduler", "--pidfile=", *quiet]),
    ]
    if dev and setup.system_node_is_fine():
        parts.append(Part("frontend", ["npm", "run", "--silent", "watch"]))
    return parts


def _end_leftovers(data: Path) -> None:
    """After `kill -9` of the supervisor its parts live on and hold the port: end them."""
    notes = data / "run.json"
    try:
        groups = json.loads(notes.read_text())
    except (FileNotFoundError, ValueError):
        return
    for group in groups.values():
        if group_members(group, ROOT):
            end_group(group, ROOT)
    notes.unlink(missing_ok=True)


def _answers(host: str, port: int) -> bool:
    """Whether somebody speaks HTTP there; any status will do."""
    host = "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104
    line = http.client.HTTPConnection(host, port, timeout=10)
    try:
        line.request("GET", "/healthz")
        return line.getresponse().status > 0
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


def _listens(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(5)
        try:
            line.connect(str(path))
        except OSError:
            return False
        return True


def _newest_source() -> float:
    folders = (ROOT / app for app in (*setup.APPS, "config"))
    return max((path.stat().st_mtime for folder in folders for path in folder.rglob("*.py")), default=0.0)


def _how(status: int) -> str:
    return f"signal {-status}" if status < 0 else f"status {status}"


def main(arguments: list[str]) -> int:
    """Run until stopped."""
    read_dotenv()
    return Supervisor(dev="--dev" in arguments).run()


if __name__ == "__main__":
    os.umask(0o022)
    sys.exit(guarded(main))

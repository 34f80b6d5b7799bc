"""Start, stop and ask after the embedded PostgreSQL and Redis of one data folder.

python -m bin.servers start | stop [--if-idle] | status | env
"""

import os
import shlex
import sys
from pathlib import Path

from bin import postgres, valkey
from bin.environment import read_dotenv
from bin.places import Places, data_dir, default_urls, places
from bin.processes import locked, open_folder
from bin.refusal import Refusal, guarded

__all__ = ["default_urls", "start", "stop"]


def start(data: Path, *, database: bool = True, redis: bool = True) -> Places:
    """Start what is not running yet; safe to call from many processes at once."""
    open_folder(data)
    at = places(data)
    open_folder(at.home)
    with locked(data / "servers.lock"):
        if database:
            postgres.start(at)
        if redis:
            valkey.start(at)
    return at


def stop(data: Path, *, only_if_idle: bool = False) -> list[str]:
    """Stop both servers; with `only_if_idle` each one only when nobody else is connected. Returns what was stopped."""
    if not data.exists():
        return []
    at = places(data)
    stopped = []
    with locked(data / "servers.lock"):
        for server in (valkey, postgres):
            if only_if_idle and server.answers(at) and server.clients(at) > 0:
                continue
            if server.stop(at):
                stopped.append(server.__name__.rpartition(".")[2])
    return stopped


def main(arguments: list[str]) -> int:
    """The command line."""
    read_dotenv()
    command, options = (arguments or ["status"])[0], arguments[1:]
    data = data_dir()
    if command in ("start", "env"):
        at = start(data) if command == "start" else places(data)
        print(f"export DATABASE_URL={shlex.quote(at.database_url)}")
        print(f"export REDIS_URL={shlex.quote(at.redis_url)}")
    elif command == "stop":
        stopped = stop(data, only_if_idle="--if-idle" in options)
        print("stopped: " + ", ".join(stopped) if stopped else "nothing to stop")
    elif command == "status":
        at = places(data)
        running = {"PostgreSQL": postgres.answers(at), "Redis": valkey.answers(at)}
        for name, up in running.items():
            print(f"{name}: {'running' if up else 'stopped'}")
        return 0 if all(running.values()) else 3
    else:
        raise Refusal(f"Unknown command {command!r}: use start, stop, status or env.")
    return 0


if __name__ == "__main__":
    os.umask(0o022)
    sys.exit(guarded(main))

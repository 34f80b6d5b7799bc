"""Small tools over the operating system: run as another user, find a server's processes, take a lock."""

import fcntl
import os
import shutil
import signal
import stat
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from bin.places import ServerUser
from bin.refusal import Refusal

PROC = Path("/proc")


def as_user(user: ServerUser | None) -> dict[str, Any]:
    """Keyword arguments that make `subprocess` run as `user`, away from the terminal's Ctrl-C."""
    # PG* variables of the caller (PGHOST, PGOPTIONS, ...) would send the tools to another server.
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    how: dict[str, Any] = {"cwd": "/", "env": clean, "start_new_session": True, "stdin": subprocess.DEVNULL}
    if user:
        how |= {"user": user.uid, "group": user.gid, "extra_groups": []}
    return how


def own_folder(folder: Path, user: ServerUser | None) -> None:
    """Make `folder` if it is missing, for the server user alone."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    wanted = user.uid if user else os.geteuid()
    if stat.S_ISLNK(found.st_mode) or (found.st_uid != wanted and os.geteuid() != 0):
        raise Refusal(f"{folder} belongs to another user: run Keyline as that user, or set KEYLINE_DATA_DIR elsewhere.")
    if user and found.st_uid != wanted:
        os.chown(folder, user.uid, user.gid)
    if stat.S_IMODE(found.st_mode) != 0o700:
        folder.chmod(0o700)


def open_folder(folder: Path) -> None:
    """Make `folder` with its parents so that other users may walk through it, whatever the umask says."""
    missing = [part for part in [folder, *folder.parents] if not part.exists()]
    for part in reversed(missing):
        part.mkdir(exist_ok=True)
        part.chmod(0o755)


def living(folder: Path, command: str) -> list[int]:
    """Processes working in `folder` whose name begins with `command`. Zombies have no folder and do not count."""
    found = []
    for entry in PROC.glob("[0-9]*"):
        try:
            if (entry / "comm").read_text().startswith(command) and (entry / "cwd").readlink() == folder:
                found.append(int(entry.name))
        except OSError:
            continue  # gone meanwhile, or somebody else's
    return found


def group_members(group: int, folder: Path) -> list[int]:
    """Living processes of a process group that work in `folder` (a number used again elsewhere does not count)."""
    found = []
    for entry in PROC.glob("[0-9]*"):
        try:
            # After the name in brackets: state, parent, process group.
            numbers = (entry / "stat").read_text().rpartition(")")[2].split()
            if int(numbers[2]) == group and (entry / "cwd").readlink() == folder:
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def end_group(group: int, folder: Path, seconds: float = 5) -> None:
    """End what is left of a process group: kindly first, then for good."""
    for how in (signal.SIGTERM, signal.SIGKILL):
        members = group_members(group, folder)
        if not members:
            return
        for member in members:
            with suppress(ProcessLookupError):
                os.kill(member, how)
        wait_until(lambda: not group_members(group, folder), seconds)


def wait_until(condition: Callable[[], bool], seconds: float, pause: float = 0.05) -> bool:
    """Ask `condition` until it holds or the time is over; the answer says which."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(pause)
    return True


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold an exclusive lock on a file; the kernel lets go of it when the process dies."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def need_space(folder: Path, megabytes: int) -> None:
    """Refuse before half-written files when the disk is nearly full."""
    existing = next(part for part in [folder, *folder.parents] if part.exists())
    free = shutil.disk_usage(existing).free // 2**20
    if free < megabytes:
        raise Refusal(f"Only {free} MB are free on the disk of {existing}: Keyline needs {megabytes} MB here.")


def tail(log: Path, lines: int = 3) -> str:
    """The last words of a log file, for an error message."""
    try:
        return " / ".join(log.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return "no log was written"

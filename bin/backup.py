"""Backups of the embedded database, and the proof that they can be read back.

`make backup` writes a dump (and the uploaded files beside it), `make drill FILE=…` restores it into an empty server of its
own and compares, `make restore FILE=…` puts it in the place of the present data, which is kept under another name.
"""

import fcntl
import os
import shutil
import subprocess
import tarfile
from datetime import datetime
from pathlib import Path
from typing import Any

from bin import postgres, servers
from bin.places import DATABASE, DATABASE_USER, ROOT, Places, data_dir
from bin.processes import as_user, need_space
from bin.refusal import Refusal
from bin.setup import PYTHON

TABLES = "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by relname"


def backup(arguments: list[str]) -> int:
    """Write a dump to the folder given, else to `backups` in the data folder, and print its path."""
    at = _embedded()
    folder = Path(arguments[0] if arguments else data_dir() / "backups").absolute()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    need_space(folder, 100)
    target = folder / f"keyline-{_now()}.dump"
    unfinished = target.with_suffix(".part")
    unfinished.touch(mode=0o600)  # it holds every customer there is
    with unfinished.open("wb") as output:
        done = _tool(at, "pg_dump", "--format=custom", f"--dbname={DATABASE}", stdout=output)
    if done.returncode != 0:
        unfinished.unlink()
        raise Refusal(f"pg_dump failed: {done.stderr.decode(errors='replace').strip()}")
    if _media().exists():
        _files_of(target).touch(mode=0o600)
        with tarfile.open(_files_of(target), "w:gz") as archive:
            archive.add(_media(), arcname="media")
    unfinished.rename(target)
    print(target)
    return 0


def drill(arguments: list[str]) -> int:
    """Restore a dump into an empty server of its own, count every table, ask Django whether it would run on it."""
    dump = _dump(arguments)
    live = _rows_of_each_table(_embedded())
    place = data_dir() / "drill"
    try:
        at = servers.start(place, redis=False)
        _restore_into(at, dump, DATABASE)
        restored = _rows_of_each_table(at)
        environment = {**os.environ, "DATABASE_URL": at.database_url}
        fits = subprocess.run([PYTHON, "manage.py", "migrate", "--check"], cwd=ROOT, env=environment).returncode == 0
    finally:
        servers.stop(place)
        shutil.rmtree(place, ignore_errors=True)
    print(f"Restored {len(restored)} tables with {sum(restored.values())} rows from {dump.name}.")
    for table in sorted(live.keys() | restored.keys()):
        if live.get(table) != restored.get(table):
            print(f"  {table}: {restored.get(table, 'no')} rows in the backup, {live.get(table, 'none')} now")
    print(
        "This version of Keyline runs on it."
        if fits
        else "This version of Keyline must migrate it first (make run does)."
    )
    return 0


def restore(arguments: list[str]) -> int:
    """Put a dump in the place of the present data. The present data stays as a database of another name."""
    dump = _dump(arguments)
    with (data_dir() / "run.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refusal("Keyline runs from this data folder: stop it before you restore.") from None
        at = _embedded()
        stamp = _now().replace("-", "_")
        _restore_into(at, dump, f"restored_{stamp}")
        postgres.query(at, f'alter database "{DATABASE}" rename to "before_{stamp}"')
        postgres.query(at, f'alter database "restored_{stamp}" rename to "{DATABASE}"')
        if _files_of(dump).exists():
            if _media().exists():
                _media().rename(_media().with_name(f"media-before-{stamp}"))
            with tarfile.open(_files_of(dump)) as archive:
                archive.extractall(_media().parent, filter="data")
        servers.stop(data_dir(), only_if_idle=True)
    print(f"Restored {dump.name}. The data of before is the database before_{stamp}; drop it when you are sure.")
    return 0


def _rows_of_each_table(at: Places) -> dict[str, int]:
    tables = postgres.query(at, TABLES, DATABASE).split()
    if not tables:
        return {}
    counts = " union all ".join(f"select '{table}', count(*) from \"{table}\"" for table in tables)
    lines = postgres.query(at, counts, DATABASE).splitlines()
    return {name: int(rows) for name, _bar, rows in (line.partition("|") for line in lines)}


def _restore_into(at: Places, dump: Path, name: str) -> None:
    if postgres.query(at, f"select 1 from pg_database where datname = '{name}'"):
        postgres.query(at, f'drop database "{name}"')
    postgres.query(at, f'create database "{name}"')
    with dump.open("rb") as source:
        done = _tool(at, "pg_restore", "--no-owner", "--exit-on-error", f"--dbname={name}", stdin=source)
    if done.returncode != 0:
        reason = done.stderr.decode(errors="replace").strip().splitlines() or ["no reason given"]
        raise Refusal(f"{dump.name} could not be restored: {reason[0]}")


def _tool(at: Places, program: str, *arguments: str, **streams: Any) -> "subprocess.CompletedProcess[bytes]":
    command = [
        str(postgres.find_tools(at) / program),
        f"--host={at.sockets}",
        f"--username={DATABASE_USER}",
        *arguments,
    ]
    how = {"stdout": subprocess.PIPE, **as_user(at.user), **streams}
    return subprocess.run(command, stderr=subprocess.PIPE, **how)


def _embedded() -> Places:
    if os.environ.get("DATABASE_URL"):
        raise Refusal("DATABASE_URL names a server of your own: use its own pg_dump (docs/operations.md, Backups).")
    return servers.start(data_dir(), redis=False)


def _dump(arguments: list[str]) -> Path:
    if not arguments or not Path(arguments[0]).is_file():
        raise Refusal("Name the dump: make drill FILE=.data/backups/keyline-….dump")
    return Path(arguments[0]).absolute()


def _files_of(dump: Path) -> Path:
    return dump.with_suffix(".files.tar.gz")


def _media() -> Path:
    return Path(os.environ.get("KEYLINE_MEDIA_DIR") or data_dir() / "media")


def _now() -> str:
    return datetime.now().astimezone().strftime("%Y%m%d-%H%M%S")

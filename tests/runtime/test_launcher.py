"""The launcher on machines where something is missing: one sentence, never a traceback."""

import errno
import os
import shutil
import socket
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import pytest

from bin import commands, environment, processes, refusal, setup, supervisor
from bin.refusal import Refusal

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A project folder with the launcher alone: nothing is set up."""
    shutil.copytree(ROOT / "bin", tmp_path / "bin", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def launch(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run `python3 bin …` in the folder, outside any virtual environment."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("KEYLINE", "DATABASE", "REDIS"))}
    command = [sys.executable, "bin", *arguments]
    return subprocess.run(command, cwd=folder, env={**clean, **variables}, capture_output=True, text=True, timeout=60)


def test_a_taken_port_is_named_before_anything_is_installed(bare: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        done = launch(bare, "run", PORT=port)
    assert done.returncode == 1
    assert done.stderr.startswith(f"keyline: Port {port} of 127.0.0.1 is taken")
    assert "make run PORT=" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (bare / ".venv").exists()


@pytest.mark.parametrize("port", ["eighty", "0", "70000", "-1"])
def test_a_port_that_is_none_is_refused(bare: Path, port: str) -> None:
    done = launch(bare, "run", PORT=port)
    assert done.stderr == f"keyline: PORT={port} is not a port number: choose one between 1024 and 65535.\n"


def test_an_unknown_command_lists_the_known_ones(bare: Path) -> None:
    assert "Say what to do: bench, clean, keep, lint" in launch(bare, "fly").stderr


def test_an_old_python_is_told_so() -> None:
    pretend = (
        "import os, runpy, sys; sys.version_info = (3, 9, 1); sys.argv = ['bin', 'run']; os.environ['PATH'] = ''; "
        "runpy.run_path('bin/__main__.py', run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", pretend], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert done.stderr.startswith("keyline: Python 3.9 is too old: Keyline needs 3.11 or newer")


@pytest.fixture
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Set-up believes it stands in an empty folder, outside a virtual environment."""
    monkeypatch.setattr(setup, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(setup, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    monkeypatch.setattr(setup, "STAMPS", tmp_path / ".venv" / "stamps")
    monkeypatch.setattr(setup, "ROOT", tmp_path)
    return tmp_path


def test_a_python_without_venv_is_told_what_to_install(fresh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(Refusal, match=r"lacks the venv module: install it .*apt install python3\.\d+-venv"):
        setup.prepare()


def test_a_read_only_folder_is_named(fresh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup.os, "access", lambda path, mode: False)
    with pytest.raises(Refusal, match="is read-only for you: copy the project"):
        setup.prepare()


def test_a_linked_environment_is_never_emptied(fresh: Path) -> None:
    elsewhere = fresh / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kept").touch()
    setup.VENV.symlink_to(elsewhere)
    with pytest.raises(Refusal, match="remove the link"):
        setup.prepare()
    assert (elsewhere / "kept").exists()


def test_a_full_disk_is_noticed_before_anything_is_half_written(fresh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(processes.shutil, "disk_usage", lambda path: usage(10**9, 10**9, 50 * 2**20))
    with pytest.raises(Refusal, match="Only 50 MB are free"):
        setup.prepare()
    assert not (fresh / ".venv").exists()


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "The disk is full"), (errno.EACCES, "No permission to write"), (errno.EROFS, "read-only")],
)
def test_the_system_s_errors_become_sentences(number: int, words: str) -> None:
    sentence = refusal.explain(OSError(number, os.strerror(number), "/some/where"))
    assert words in sentence
    assert "/some/where" in sentence


def test_guarded_prints_the_sentence_alone(capsys: pytest.CaptureFixture[str]) -> None:
    def fails(arguments: list[str]) -> int:
        raise OSError(errno.ENOSPC, "No space left on device", "/data")

    assert refusal.guarded(fails) == 1
    said = capsys.readouterr().err
    assert said.startswith("keyline: The disk is full (/data)")
    assert said.count("\n") == 1


def test_a_folder_that_runs_already_is_not_started_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEYLINE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("PORT", _free_port())
    with (
        supervisor.claim(),
        pytest.raises(Refusal, match=r"already runs from this folder at http://127\.0\.0\.1:\d+/ \(process \d+\)"),
    ):
        supervisor.claim()
    supervisor.claim().close()


def test_what_a_killed_supervisor_left_behind_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEYLINE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("PORT", _free_port())
    part = supervisor.Part("web", [sys.executable, "-c", "import time; time.sleep(60)"])
    part.start()
    assert part.process
    (tmp_path / "run.json").write_text(f'{{"web": {part.process.pid}, "gone": 4194303}}')
    supervisor.claim().close()
    assert part.process.wait(5) < 0
    assert not (tmp_path / "run.json").exists()


def test_dotenv_fills_what_the_shell_leaves_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEYLINE_SAID", "by the shell")
    monkeypatch.delenv("KEYLINE_QUIET", raising=False)
    file = tmp_path / ".env"
    file.write_text("# a remark\nKEYLINE_SAID=by the file\nexport KEYLINE_QUIET='a = b'\n\nnonsense\n")
    environment.read_dotenv(file)
    assert os.environ["KEYLINE_SAID"] == "by the shell"
    assert os.environ["KEYLINE_QUIET"] == "a = b"
    monkeypatch.delenv("KEYLINE_QUIET")


def test_a_step_is_done_again_only_when_its_inputs_change(fresh: Path) -> None:
    source = fresh / "requirements.txt"
    source.write_text("one==1\n")
    stamp = setup.Stamp("step", [source])
    assert not stamp.is_fresh()
    stamp.set()
    assert setup.Stamp("step", [source]).is_fresh()
    source.write_text("one==2\n")
    assert not setup.Stamp("step", [source]).is_fresh()


def test_every_app_is_watched_and_built_from() -> None:
    apps = {path.relative_to(ROOT).parts[0] for path in ROOT.glob("*/apps.py")} | {"collections"}
    assert set(setup.APPS) == apps


def test_bytecode_is_kept_where_python_would_leave_none(fresh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = fresh / "core" / "money.py"
    source.parent.mkdir()
    source.write_text("ZERO = 0\n")
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    setup.compile_sources()
    assert list(source.parent.glob("__pycache__/money.*.pyc"))


def test_every_lock_file_is_hashed_and_names_no_registry() -> None:
    for name in commands.LOCKS:
        text = (ROOT / f"{name}.txt").read_text()
        pinned = [line for line in text.splitlines() if "==" in line and not line.lstrip().startswith("--")]
        assert pinned
        assert text.count("--hash=sha256:") >= len(pinned)
        assert "http" not in text


def _free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])

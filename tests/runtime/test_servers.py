"""The embedded servers: started, killed, started again."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
import redis

from bin import postgres, servers, valkey
from bin.places import Places, places
from bin.processes import living, wait_until
from bin.refusal import Refusal

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    """A data folder of its own, reachable for the servers' user, with both servers stopped at the end."""
    folder = Path(tempfile.mkdtemp(prefix="keyline-test-"))
    folder.chmod(0o755)
    yield folder
    servers.stop(folder)
    shutil.rmtree(folder)


@pytest.fixture
def running(data: Path) -> Places:
    """Both servers up."""
    return servers.start(data)


def ask(at: Places, sql: str) -> object:
    with closing(psycopg2.connect(at.database_url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0] if cursor.description else None


def postmaster(at: Places) -> int:
    return int((at.postgres / "postmaster.pid").read_text().split()[0])


def kill(pids: list[int]) -> None:
    for pid in pids:
        os.kill(pid, signal.SIGKILL)


def test_a_second_start_finds_the_first(running: Places, data: Path) -> None:
    first = postmaster(running)
    assert not postgres.start(running)
    assert not valkey.start(running)
    assert postmaster(servers.start(data)) == first


def test_chinese_text_has_trigrams_and_nothing_listens_on_the_network(running: Places) -> None:
    ask(running, "create extension if not exists pg_trgm")
    assert ask(running, "select show_trgm('华为技术') <> '{}'") is True
    assert ask(running, "select lower('ÀÉ')") == "àé"
    assert ask(running, "show listen_addresses") == ""


def test_starters_at_the_same_moment_agree_on_one_server(data: Path) -> None:
    servers.stop(data)
    environment = {**os.environ, "KEYLINE_DATA_DIR": str(data)}
    command = [sys.executable, "-m", "bin.servers", "start"]
    starters = [subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL) for _ in range(3)]
    assert [starter.wait(60) for starter in starters] == [0, 0, 0]
    assert len(list(living(places(data).valkey, "valkey"))) == 1


def test_what_was_committed_survives_a_killed_server(running: Places, data: Path) -> None:
    ask(running, "create table if not exists kept (x int); insert into kept values (1)")
    before = ask(running, "select count(*) from kept")
    kill([postmaster(running)])
    servers.start(data)
    assert ask(running, "select count(*) from kept") == before


def test_a_pid_file_that_names_somebody_else_is_no_obstacle(running: Places, data: Path) -> None:
    kill([postmaster(running)])
    wait_until(lambda: not living(running.postgres, "postgres"), 10)
    pid_file = running.postgres / "postmaster.pid"
    words = pid_file.read_text().splitlines()
    pid_file.write_text("\n".join([str(os.getpid()), *words[1:]]) + "\n")
    servers.start(data)
    assert ask(running, "select 1") == 1


def test_an_interrupted_first_start_is_done_again(running: Places, data: Path) -> None:
    servers.stop(data)
    kept = running.postgres.rename(running.postgres.with_name("kept"))
    (running.home / "postgres.init").mkdir()
    (running.home / "postgres.init" / "half").write_text("written")
    servers.start(data)
    assert ask(running, "select 1") == 1
    servers.stop(data)
    shutil.rmtree(running.postgres)
    kept.rename(running.postgres)


def test_data_of_another_major_version_is_refused_in_one_sentence(running: Places, data: Path) -> None:
    servers.stop(data)
    version = running.postgres / "PG_VERSION"
    found = version.read_text()
    version.write_text("15\n")
    with pytest.raises(Refusal, match="was written by PostgreSQL 15, this is 18"):
        servers.start(data)
    version.write_text(found)


def test_queued_work_survives_a_killed_broker(running: Places, data: Path) -> None:
    redis.Redis.from_url(running.redis_url).set("queued", "work")
    # The file is flushed every second.
    wait_until(lambda: b"queued" in b"".join(p.read_bytes() for p in running.valkey.rglob("*.aof")), 5)
    kill(living(running.valkey, "valkey"))
    servers.start(data)
    assert redis.Redis.from_url(running.redis_url).get("queued") == b"work"


def test_a_damaged_broker_file_is_put_aside(running: Places, data: Path) -> None:
    servers.stop(data)
    for manifest in running.valkey.glob("appendonlydir/*.manifest"):
        manifest.write_text("nonsense\n")
    servers.start(data)
    assert valkey.answers(running)
    assert list(running.valkey.glob("damaged-*"))


def test_a_server_in_use_is_left_running(running: Places, data: Path) -> None:
    with closing(psycopg2.connect(running.database_url)):
        assert servers.stop(data, only_if_idle=True) == ["valkey"]
        assert postgres.answers(running)
    assert wait_until(lambda: postgres.clients(running) == 0, 5)
    assert servers.stop(data, only_if_idle=True) == ["postgres"]
    assert not living(running.postgres, "postgres")


def test_paths_too_long_or_odd_for_a_socket_get_a_short_private_folder(data: Path) -> None:
    for name in ("x" * 90, "a b, c"):
        at = places(data / name)
        assert len(str(at.sockets)) < 60
        assert at.sockets != at.home / "run"
        assert " " not in at.database_url
    assert places(data).sockets == data.resolve() / "run"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the servers as somebody else")
def test_for_root_the_servers_run_as_somebody_harmless(running: Places) -> None:
    assert running.user
    assert running.user.uid != 0
    owner = Path(f"/proc/{postmaster(running)}").stat().st_uid
    assert owner == running.user.uid
    assert running.postgres.stat().st_mode & 0o077 == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the servers as somebody else")
def test_a_folder_the_servers_user_cannot_reach_is_avoided(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bin.places.STATE", data / "state")
    hidden = data / "hidden"
    hidden.mkdir(mode=0o700, exist_ok=True)
    assert places(hidden / "data").home.parent == data / "state"
    assert places(data / "open").home == (data / "open").resolve()

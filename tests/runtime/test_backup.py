"""A backup that was never restored is none: written, tried, put back."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

from bin import backup, servers, supervisor
from bin.places import places
from bin.refusal import Refusal


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    """A data folder with a running database, one table of three rows, and an uploaded file."""
    folder = Path(tempfile.mkdtemp(prefix="keyline-test-"))
    folder.chmod(0o755)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("KEYLINE_DATA_DIR", str(folder))
        environment.delenv("DATABASE_URL", raising=False)
        environment.delenv("KEYLINE_MEDIA_DIR", raising=False)
        servers.start(folder, redis=False)
        ask("create table account (name text); insert into account values ('华为'), ('中兴'), ('小米')")
        (folder / "media").mkdir()
        (folder / "media" / "refused.csv").write_text("name\n")
        yield folder
    servers.stop(folder)
    shutil.rmtree(folder)


def ask(sql: str) -> list[tuple[object, ...]]:
    at = places(supervisor.data_dir())
    with closing(psycopg2.connect(at.database_url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall()) if cursor.description else []


def test_a_backup_is_tried_and_restored(data: Path, capfd: pytest.CaptureFixture[str]) -> None:
    backup.backup([])
    dump = Path(capfd.readouterr().out.strip())
    assert dump.parent == data / "backups"
    assert dump.stat().st_mode & 0o077 == 0

    ask("insert into account values ('比亚迪')")
    (data / "media" / "refused.csv").unlink()
    backup.drill([str(dump)])
    said = capfd.readouterr().out
    assert "Restored 1 tables with 3 rows" in said
    assert "account: 3 rows in the backup, 4 now" in said
    assert not (data / "drill").exists()

    backup.restore([str(dump)])
    servers.start(data, redis=False)
    assert {row[0] for row in ask("select name from account")} == {"华为", "中兴", "小米"}
    assert (data / "media" / "refused.csv").exists()
    assert ask("select count(*) from pg_database where datname like 'before%'") == [(1,)]


def test_a_running_keyline_is_not_restored_under_its_feet(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dump = data / "some.dump"
    dump.touch()
    monkeypatch.setenv("PORT", "0")
    with (data / "run.lock").open("a+") as lock:
        supervisor.fcntl.flock(lock, supervisor.fcntl.LOCK_EX)
        with pytest.raises(Refusal, match="stop it before you restore"):
            backup.restore([str(dump)])


def test_a_missing_or_broken_dump_is_named(data: Path) -> None:
    with pytest.raises(Refusal, match="Name the dump"):
        backup.drill(["/nowhere"])
    broken = data / "broken.dump"
    broken.write_text("no dump")
    with pytest.raises(Refusal, match=r"broken\.dump could not be restored"):
        backup.restore([str(broken)])


def test_a_server_of_ones_own_has_its_own_tools(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://db.example.com/keyline")
    with pytest.raises(Refusal, match="use its own pg_dump"):
        backup.backup([])

"""Where the embedded servers keep their things, and as whom they run. Only looks, changes nothing.

PostgreSQL refuses to run as root. When root starts Keyline the servers run as the existing user `postgres` (else
`nobody`), and if that user cannot reach the data folder (a home with mode 0700) everything moves to `/var/lib/keyline`.
"""

import hashlib
import os
import pwd
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from bin.refusal import Refusal

ROOT = Path(__file__).resolve().parent.parent
STATE = Path("/var/lib/keyline")
DATABASE = "keyline"
DATABASE_USER = "app"
LONGEST_SOCKET_FOLDER = 85  # the system allows about 107 bytes for folder and socket name together
PLAIN = re.compile(r"[\w/.+-]+", re.ASCII)  # a comma or a space in a folder would mean something else in an address


@dataclass(frozen=True)
class ServerUser:
    """The system user the servers run as; `None` in `Places.user` means: whoever runs Keyline."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True)
class Places:
    """Every path of one pair of embedded servers."""

    home: Path
    sockets: Path
    user: ServerUser | None

    @property
    def postgres(self) -> Path:
        """The database cluster."""
        return self.home / "postgres"

    @property
    def valkey(self) -> Path:
        """Append-only file and working folder of the broker."""
        return self.home / "valkey"

    @property
    def valkey_socket(self) -> Path:
        """Where the broker listens."""
        return self.sockets / "valkey.sock"

    @property
    def logs(self) -> Path:
        """Log files of both servers."""
        return self.home / "log"

    @property
    def database_url(self) -> str:
        """Address of the database, as Django, psql and pg_dump take it."""
        return f"postgresql://{DATABASE_USER}@/{DATABASE}?host={quote(str(self.sockets))}"

    @property
    def redis_url(self) -> str:
        """Address of the broker and cache, database 0."""
        return f"unix://{quote(str(self.valkey_socket))}?db=0"


def data_dir() -> Path:
    """The data folder: `KEYLINE_DATA_DIR`, else `.data` in the project."""
    return Path(os.environ.get("KEYLINE_DATA_DIR") or ROOT / ".data").resolve()


def places(data: Path) -> Places:
    """Decide where the servers of the data folder `data` live and who runs them."""
    data = data.resolve()
    user, home = None, data
    if os.geteuid() == 0:
        away = STATE / _short_hash(data)
        user = _owner(away / "postgres") or _owner(data / "postgres") or _unprivileged()
        if away.exists() or not reachable(data, user):
            home = away
    return Places(home=home, sockets=_socket_folder(home, user), user=user)


def default_urls(data: Path) -> tuple[str, str]:
    """Addresses (database, redis) of the servers `make run` starts for this data folder."""
    there = places(data)
    return there.database_url, there.redis_url


def reachable(path: Path, user: ServerUser) -> bool:
    """Whether `user` may walk down to `path`; parts that do not exist yet count as open."""
    for folder in [path, *path.parents]:
        try:
            found = folder.stat()
        except FileNotFoundError:
            continue
        mode = found.st_mode
        if found.st_uid == user.uid:
            may = mode & 0o100
        elif found.st_gid == user.gid:
            may = mode & 0o010
        else:
            may = mode & 0o001
        if not may:
            return False
    return True


def _socket_folder(home: Path, user: ServerUser | None) -> Path:
    folder = home / "run"
    if len(os.fsencode(folder)) <= LONGEST_SOCKET_FOLDER and PLAIN.fullmatch(str(folder)):
        return folder
    owner = user.uid if user else os.geteuid()
    return Path(f"/tmp/keyline-{owner}-{_short_hash(home)}")  # noqa: S108  private (0700) and its owner is checked


def _short_hash(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def _owner(folder: Path) -> ServerUser | None:
    """The owner of an existing data folder: files keep belonging to whoever made them."""
    try:
        found = folder.stat()
    except (FileNotFoundError, PermissionError):
        return None
    if found.st_uid == 0:
        raise Refusal(f"{folder} belongs to root, but PostgreSQL never runs as root: chown it to the user postgres.")
    try:
        name = pwd.getpwuid(found.st_uid).pw_name
    except KeyError:
        name = str(found.st_uid)
    return ServerUser(name, found.st_uid, found.st_gid)


def _unprivileged() -> ServerUser:
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return ServerUser(name, entry.pw_uid, entry.pw_gid)
    raise Refusal(
        "PostgreSQL does not run as root and there is no user postgres or nobody: start Keyline as another user."
    )

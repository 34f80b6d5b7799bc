"""The database goes away and comes back under load, and no money is lost or doubled (assurance T11).

    python -m bench.restarts [--restarts 5] [--clients 8] [--folder /somewhere/empty] [--dump a-migrated-database.dump]

Servers of its own, in a folder of its own. Each client enters payments that settle invoices at once, and asks again
with the same idempotency key until it is told yes. Meanwhile PostgreSQL is restarted. Afterwards: every payment the
program said yes to is in the ledger once, the ledger obeys all its rules, every refusal was the polite page, and
`/healthz` was well again soon after PostgreSQL was. Exit 1 and a sentence for whatever does not hold.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from http.client import HTTPConnection, HTTPException
from json import dumps
from pathlib import Path
from uuid import uuid4

from bin import postgres
from bin.places import DATABASE, DATABASE_USER, Places
from bin.processes import as_user
from bin.servers import start, stop

PORT = int(os.environ.get("RESTARTS_PORT", "8189"))
WELL_WITHIN = 5.0  # seconds from PostgreSQL’s return to a healthy answer, beside three answers as before
POLITE = {409, 429, 503}  # 409: the same key is being worked on


@dataclass
class Told:
    """What the clients were told."""

    said_yes: list[str] = field(default_factory=list)  # references of payments
    answers: Counter[int] = field(default_factory=Counter)
    rude: list[str] = field(default_factory=list)
    cut_off: int = 0  # connections without an answer


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.restarts")
    parser.add_argument("--restarts", type=int, default=5)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--within", type=float, default=WELL_WITHIN, help="seconds until it must be well again")
    parser.add_argument("--folder", type=Path)
    parser.add_argument(
        "--dump", type=Path, help="begin with this dump (`make backup` writes such) instead of migrating"
    )
    options = parser.parse_args()
    folder = options.folder or Path(tempfile.mkdtemp(prefix="keyline-restarts-"))
    at = start(folder)
    os.environ |= {"KEYLINE_DATA_DIR": str(folder), "DATABASE_URL": at.database_url, "REDIS_URL": at.redis_url}
    try:
        if options.dump:
            _restore(at, options.dump)
        complaints = _try(at, options)
    finally:
        stop(folder)
    for complaint in complaints:
        print(f"✗ {complaint}")
    return 1 if complaints else 0


def _try(at: Places, options: argparse.Namespace) -> list[str]:
    account, key, on = _prepare(40 * options.restarts, migrated=bool(options.dump))
    server = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "gunicorn",
            "--config",
            "config/gunicorn.py",
            "--bind",
            f"127.0.0.1:{PORT}",
            "config.wsgi",
        ]
    )
    told, done = Told(), threading.Event()
    people = [threading.Thread(target=_pay, args=(account, key, on, told, done)) for _ in range(options.clients)]
    try:
        _seconds_until_well()
        for person in people:
            person.start()
        returns = [_restart(at) for _ in range(options.restarts)]
        time.sleep(1)
    finally:
        done.set()
        for person in people:
            person.join(60)
        server.terminate()
        server.wait(30)
    print(f"{len(told.said_yes)} payments, answers {dict(told.answers)}, {told.cut_off} connections cut off,")
    print("well again after " + ", ".join(f"{seconds:.1f} s" for seconds in returns))
    return [
        *(f"Healthy only {seconds:.1f} s after PostgreSQL." for seconds in returns if seconds > options.within),
        *(f"A rude answer: {words}" for words in told.rude[:5]),
        *_wrong_in_the_books(told),
    ]


def _restore(at: Places, dump: Path) -> None:
    command = [
        postgres.find_tools(at) / "pg_restore",
        "--no-owner",
        "-h",
        at.sockets,
        "-U",
        DATABASE_USER,
        "-d",
        DATABASE,
    ]
    with dump.open("rb") as stream:
        subprocess.run([str(part) for part in command], **{**as_user(at.user), "stdin": stream}, check=True)


def _prepare(invoices: int, *, migrated: bool) -> tuple[int, str, date]:
    """An account with so many invoices to settle; returns its id, an API key of somebody from finance, and a day to pay on."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.core.management import call_command

    from accounts.models import Account
    from core.models import Role, User
    from core.search import search_columns
    from core.tokens import make_token
    from core.workdays import today
    from receivables.actions import record_invoice

    if not migrated:
        call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)  # the polite page has a face
    finance = User.objects.create(email="t11@example.com", full_name="T11", role=Role.FINANCE, language="en")
    account = Account.objects.create(owner=finance, name="T11", **search_columns("T11"))
    issued_on = today() - timedelta(days=90)
    for number in range(invoices):
        record_invoice(
            by=finance, account_id=account.pk, number=f"T11-{number:03}", amount=Decimal("100.00"), currency="CNY",
            issued_on=issued_on, due_on=issued_on + timedelta(days=30),
        )  # fmt: skip
    return account.pk, make_token(finance, "T11")[1], issued_on + timedelta(days=60)


def _pay(account: int, key: str, on: date, told: Told, done: threading.Event) -> None:
    """Enter payments until it is done, each with one key until the answer is yes."""
    while not done.is_set():
        reference = str(uuid4())
        body = dumps(
            {
                "account": account,
                "amount": "7.77",
                "currency": "CNY",
                "reference": reference,
                "received_on": str(on),
                "allocate": True,
            }
        )
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json", "Idempotency-Key": reference}
        for _ in range(200):
            answer = _ask("POST", "/api/v1/payments/", body, headers)
            if answer is None:
                told.cut_off += 1
            else:
                status, words = answer
                told.answers[status] += 1
                if status == 201:
                    told.said_yes.append(reference)
                    break
                if status not in POLITE or "Traceback" in words:
                    told.rude.append(f"{status} {words[:200]}")
                    break
            time.sleep(0.1)


def _ask(
    method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None
) -> tuple[int, str] | None:
    connection = HTTPConnection("127.0.0.1", PORT, timeout=20)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read().decode(errors="replace")
    except (OSError, HTTPException):
        return None
    finally:
        connection.close()


def _restart(at: Places) -> float:
    """Stop PostgreSQL for a moment under load; returns the seconds from its return to a healthy answer.

    Not counted are three answers as they come before: on a machine that has much else to do they take seconds themselves.
    """
    time.sleep(1.5)
    usual = _seconds_until_well()
    postgres.stop(at)
    time.sleep(0.5)
    postgres.start(at)
    return max(_seconds_until_well() - 3 * usual, 0)


def _seconds_until_well(patience: float = 240) -> float:
    began = time.monotonic()
    while time.monotonic() - began < patience:
        answer = _ask("GET", "/healthz")
        if answer and answer[0] == 200:
            break
        time.sleep(0.1)
    return time.monotonic() - began


def _wrong_in_the_books(told: Told) -> list[str]:
    from django.db import connection

    from core.workdays import today
    from receivables.models import Payment
    from receivables.queries.invariants import breaches

    connection.close()  # it has seen the database die
    entered = Counter(Payment.objects.values_list("reference", flat=True))
    lost = [reference for reference in told.said_yes if reference not in entered]
    twice = [reference for reference, times in entered.items() if times > 1]
    return [
        *(["Nothing was entered at all."] if not told.said_yes else []),
        *([f"{len(lost)} payments were told yes and are not there."] if lost else []),
        *([f"{len(twice)} payments are there twice."] if twice else []),
        *(f"{breach.code} {breach.says}: {breach.count}" for breach in breaches(today())),
    ]


if __name__ == "__main__":
    sys.exit(main())

"""Telling by mail, chat and push: a batch is leased, sent outside any transaction, and settled by whoever still holds the lease.

At least once, with an identity that a second try shares; the only window is a crash between the server's yes and our commit.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

from django.db import transaction

from core.heartbeat import beating
from core.permissions import require
from core.users import SYSTEM, Actor
from reminders.actions.judging import Verdicts, judge
from reminders.actions.mending import SERVER_IS_AWAY, park, set_aside, waiting_now
from reminders.actions.telling import end_untold
from reminders.channels import SENDERS, Outgoing, Refused
from reminders.choices import Channel, Importance, Result, State
from reminders.models import Delivery, Occurrence
from reminders.queries import database_now
from reminders.rules.escalation import MOST_ATTEMPTS, next_try
from reminders.rules.quiet import DIGEST_FROM, breaks_quiet, free_from, is_quiet

log = logging.getLogger(__name__)

BATCH = 100
LEASE = timedelta(seconds=45)
BEAT = LEASE.total_seconds() / 3
"""While a batch is being sent its lease is renewed; a dead sender's batch is free again after LEASE."""


@dataclass(frozen=True)
class Lease:
    """A batch in hand: the messages to send and the token that says they are ours."""

    token: UUID
    messages: Sequence[Outgoing]


def send_channel(channel: Channel, *, by: Actor = SYSTEM, now: datetime | None = None, batches: int = 50) -> int:
    """Send what is due by one channel; returns how many occurrences went out. Any number of senders may run at once."""
    require(by, "reminders.schedule")
    sent = 0
    for _batch in range(batches if channel in SENDERS else 0):
        moment = now or database_now()
        try:
            taken, lease = _take(channel, moment)
        except SERVER_IS_AWAY:
            raise
        except Exception:
            log.exception("A batch of reminders could not be taken up")
            if not set_aside(channel, moment):
                raise
            continue
        if not taken:
            break
        if lease.messages:
            with beating(partial(_renew, lease.token), every=BEAT):
                sent += sum(_send(channel, lease.token, message, now) for message in lease.messages)
    return sent


@transaction.atomic
def _take(channel: Channel, now: datetime) -> tuple[int, Lease]:
    """Lease the next batch. What is quiet now is put off, what is no longer so is closed, what killed its senders is parked."""
    due = waiting_now(channel, now).select_for_update(skip_locked=True, no_key=True)
    rows = list(due[:BATCH])
    rows += _rest_of_digests(rows, channel, now)
    token = uuid4()
    if not rows:
        return 0, Lease(token, ())
    worn_out = [row for row in rows if row.attempts >= MOST_ATTEMPTS]
    for row in worn_out:
        park(row, "every sender died")
    verdicts = judge([row for row in rows if row not in worn_out], now)
    end_untold(verdicts)
    ready = _not_quiet(verdicts)
    Occurrence.objects.bulk_update(verdicts.tell, ["recipient", "words"])
    Occurrence.objects.filter(pk__in=[row.pk for row in ready]).update(
        state=State.LEASED, lease_token=token, free_at=now + LEASE
    )
    for row in ready:
        row.attempts += 1
    Occurrence.objects.bulk_update(ready, ["attempts"])
    return len(rows), Lease(token, _messages(verdicts, ready))


def _rest_of_digests(rows: Sequence[Occurrence], channel: Channel, now: datetime) -> list[Occurrence]:
    """The other small things of the same people, so that a digest is not cut in two by the size of a batch."""
    whose = {row.recipient_id for row in rows if row.importance == Importance.LOW}
    if not whose or len(rows) < BATCH:
        return []
    rest = waiting_now(channel, now).filter(recipient__in=whose, importance=Importance.LOW)
    return list(rest.exclude(pk__in=[row.pk for row in rows]).select_for_update(skip_locked=True, no_key=True))


def _not_quiet(verdicts: Verdicts) -> list[Occurrence]:
    """Those whose person may be disturbed now; the others wait for the end of his quiet hours."""
    ready = []
    for row in verdicts.tell:
        hours = verdicts.told.hours_of(row.recipient_id)
        if breaks_quiet(Importance(row.importance)) or not is_quiet(verdicts.now, hours, verdicts.works):
            ready.append(row)
            continue
        key = f"{row.rule}:{row.slot_key}:{row.recipient_id}"
        row.free_at = free_from(
            verdicts.now, Channel(row.channel), Importance(row.importance), hours, verdicts.works, key
        )
        Occurrence.objects.filter(pk=row.pk).update(free_at=row.free_at, state=State.PLANNED, lease_token=None)
    return ready


def _messages(verdicts: Verdicts, rows: Sequence[Occurrence]) -> list[Outgoing]:
    """One message each; three and more small things of one person are one."""
    small: dict[int, list[Occurrence]] = {}
    single: list[Occurrence] = []
    for row in rows:
        bundled = row.importance == Importance.LOW and verdicts.told.hours_of(row.recipient_id).bundles
        (small.setdefault(row.recipient_id, []) if bundled else single).append(row)
    found = []
    for person, batch in small.items():
        if len(batch) >= DIGEST_FROM:
            found.append(Outgoing(verdicts.told.by_id[person], batch, f"digest-{batch[0].message_id}"))
        else:
            single += batch
    return [Outgoing(verdicts.told.by_id[row.recipient_id], [row], row.message_id) for row in single] + found


def _renew(token: UUID) -> None:
    """Say that the batch is still being sent."""
    Occurrence.objects.filter(lease_token=token, state=State.LEASED).update(free_at=database_now() + LEASE)


def _send(channel: Channel, token: UUID, message: Outgoing, now: datetime | None) -> int:
    """Hand one message over and settle it; how many occurrences went out with it."""
    try:
        SENDERS[channel](message)
    except Refused as error:
        _settle_failure(token, message, now or database_now(), str(error), final=True)
    except Exception as error:
        log.warning("Reminder %s by %s: %s", message.message_id, channel, error)
        _settle_failure(token, message, now or database_now(), f"{type(error).__name__}: {error}", final=False)
    else:
        return _settle(token, message, now or database_now())
    return 0


@transaction.atomic
def _settle(token: UUID, message: Outgoing, now: datetime) -> int:
    """Say that it is sent: only for what is still held by this lease."""
    ours = [row.pk for row in message.occurrences]
    held = Occurrence.objects.filter(pk__in=ours, lease_token=token).select_for_update(no_key=True)
    mine = set(held.values_list("pk", flat=True))
    Occurrence.objects.filter(pk__in=mine).update(
        state=State.SENT, sent_at=now, free_at=None, lease_token=None, attempts=0
    )
    Delivery.objects.bulk_create(
        [
            Delivery(
                occurrence=row,
                round=row.round,
                attempt=row.attempts,
                at=now,
                result=Result.SENT,
                message_id=message.message_id,
            )
            for row in message.occurrences
        ],
        ignore_conflicts=True,
    )
    return len(mine)


@transaction.atomic
def _settle_failure(token: UUID, message: Outgoing, now: datetime, error: str, *, final: bool) -> None:
    """Keep why, and try again later and later; after the last attempt, or where it is no use, it is parked and told of."""
    held = Occurrence.objects.filter(pk__in=[row.pk for row in message.occurrences], lease_token=token)
    for row in held.select_for_update(no_key=True).order_by("pk"):
        again = None if final else next_try(row.attempts, now)
        Delivery.objects.create(
            occurrence=row, round=row.round, attempt=row.attempts, at=now, error=error[:400], next_try_at=again,
            result=Result.REFUSED if final else Result.FAILED, message_id=message.message_id,
        )  # fmt: skip
        if again is None:
            park(row, error)
        else:
            Occurrence.objects.filter(pk=row.pk).update(state=State.PLANNED, free_at=again, lease_token=None)

"""The nightly check of the whole ledger."""

from __future__ import annotations

from datetime import date

from core import audit
from core.permissions import require
from core.users import SYSTEM, Actor
from receivables import events
from receivables.queries import receivables_rule
from receivables.queries.invariants import Breach, breaches, ledger_size


def check_ledger(*, on: date, by: Actor = SYSTEM) -> list[Breach]:
    """Ask all twelve rules of the ledger and keep the answer as an event. Returns what is broken; nothing is mended."""
    require(by, "settings.manage")
    found = breaches(on)
    if found:
        audit.record(
            events.LEDGER_BROKEN,
            by=by,
            on=receivables_rule(),
            rules=", ".join(breach.code for breach in found),
            count=sum(breach.count for breach in found),
            breaches=[
                {"code": one.code, "says": one.says, "count": one.count, "examples": one.examples} for one in found
            ],
        )
    else:
        audit.record(events.LEDGER_CHECKED, by=by, on=receivables_rule(), **ledger_size())
    return found

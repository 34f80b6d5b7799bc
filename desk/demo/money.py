"""The ledger of the demo company and the work on it, lived again through the actions people use, day by day."""

from __future__ import annotations

from random import Random

from django.apps import apps
from django.db.models import DateTimeField, F
from django.db.models.functions import Cast

from desk.demo.collecting import Collectors
from desk.demo.days import Days
from desk.demo.debts import Bookkeeper
from desk.demo.firms import Firm
from desk.demo.incidents import Incidents
from desk.demo.people import Staff
from desk.demo.replay import Replay
from receivables.models import GradeChange

KEPT_OF_INVOICES = apps.get_model("receivables", "InvoicePapersMissingPapersNoteGradeExpectedOnEvent")


def write(firms: list[Firm], staff: Staff, days: Days, random: Random) -> Replay:
    """Half a year of receivables: what was agreed, invoiced, received, disputed, asked for, promised and kept."""
    replay = Replay(days, random)
    books = Bookkeeper(replay, staff, days, random)
    debtors = books.open_books(firms)
    Incidents(books, debtors, staff).happen()
    collectors = Collectors(books, debtors, staff)
    collectors.work()
    replay.live()
    collectors.write_letters()
    return replay


def date_rows() -> None:
    """What the database's own clock wrote bears the day it is about; of the history it kept, nothing tells of those days."""
    GradeChange.objects.update(at=Cast(F("on"), DateTimeField()))
    KEPT_OF_INVOICES.objects.all().delete()

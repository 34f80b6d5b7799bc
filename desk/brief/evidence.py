"""Evidence that fits (P13, R20): who of their trade bought from us already, and what this account has not been shown yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Account
from core.models import User
from core.words import listed
from desk.brief.rules import SHOWS, Line, doubt_of_quality, still_to_show
from prospects.choices import Outcome
from prospects.models import Prospect
from prospects.queries import visible_prospects
from prospects.templatetags.prospects import day_month
from relationships.choices import VisitKind
from relationships.models import Visit
from relationships.queries import visible_visits

REFERENCES = 3
LOOKED_AT = 12
"""Latest sales of the trade that are read: one customer may have bought several times."""


def evidence_lines(by: User, visit: Visit, objections: Iterable[str]) -> list[Line]:
    """What to offer: against a doubt of the quality first, then references, then what has not been shown; two statements."""
    lines = []
    if doubt := doubt_of_quality(objections):
        offer = _("Offer a reference, a test certificate, the service guarantee.")
        lines.append(Line(_("They doubt the quality: “%(text)s”") % {"text": doubt}, offer, "warn"))
    lines += [_reference(sale) for sale in references(by, visit.account)]
    if shown := _shown(shown_at(by, visit.account_id), visit.kind):
        lines.append(shown)
    return lines


def references(by: User, account: Account) -> list[Prospect]:
    """The latest purchases by other customers of the same trade, one each, as far as the reader sees them."""
    if not account.industry:
        return []
    rows = visible_prospects(by).filter(
        outcome=Outcome.WON, closed_on__isnull=False, account__industry=account.industry
    )
    rows = rows.exclude(account=account).select_related("account").order_by("-closed_on", "-id")
    latest: dict[int | None, Prospect] = {}
    for sale in rows.only("name", "product", "closed_on", "account__name")[:LOOKED_AT]:
        latest.setdefault(sale.account_id, sale)
    return list(latest.values())[:REFERENCES]


def shown_at(by: User, account_id: int) -> dict[str, datetime]:
    """Which kinds of evidence an account has seen on recorded visits, and when last."""
    rows = visible_visits(by).recorded().filter(account=account_id, kind__in=SHOWS)
    return dict(rows.values_list("kind").annotate(last=Max("at")).order_by("-last", "-kind"))


def _reference(sale: Prospect) -> Line:
    bought = _("bought %(day)s") % {"day": day_month(sale.closed_on)}
    text = _("Reference: %(account)s") % {"account": sale.account}
    return Line(text, f"{sale.product or sale.name} · {bought}", "good", sale.get_absolute_url())


def _shown(seen: Mapping[str, datetime], coming: str) -> Line | None:
    """One line for both: what is still to show, and below it what they know; nothing when there is nothing left."""
    open_kinds = still_to_show(seen, coming)
    if not open_kinds:
        return None
    known = listed(f"{_word(kind)} {day_month(_day(at))}" for kind, at in seen.items())
    text = _("Not shown here yet: %(kinds)s") % {"kinds": listed(map(_word, open_kinds))}
    return Line(text, _("Seen: %(kinds)s") % {"kinds": known} if known else "")


def _word(kind: str) -> str:
    """Its name inside a sentence."""
    return str(VisitKind(kind).label).lower()


def _day(at: datetime) -> date:
    return timezone.localdate(at)

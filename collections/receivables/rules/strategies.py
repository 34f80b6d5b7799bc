"""What is done about a grade and about a cause (C3, C4): the strategy of a debt, the remedy of a reason for not paying."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from receivables.choices import Cause, Grade


@dataclass(frozen=True)
class Strategy:
    """How a debt of a grade is worked: the aim, how hard to press from 1 to 4, what is done, who leads it."""

    aim: Any
    strength: int
    means: Any
    lead: Any


STRATEGIES = {
    Grade.NORMAL: Strategy(
        _("Money on time and a good relationship"),
        1,
        _("Reminders before and after the due day, calls, a firm date for paying"),
        _("collector"),
    ),
    Grade.DOUBTFUL: Strategy(
        _("A dated plan, secured where possible"),
        2,
        _("Calls with the one who decides, written plan by instalments, no further supply on account"),
        _("collector and sales manager"),
    ),
    Grade.BAD: Strategy(
        _("Secure the claim, get what can be got"),
        3,
        _("Formal demand with proof of arrival, security or goods back, visit, lawyer’s letter, prepare the suit"),
        _("finance manager and lawyer"),
    ),
    Grade.DEAD: Strategy(
        _("Give it up in the books, keep the claim"),
        4,
        _("Collect the evidence, ask for the write-off, look for assets and successors once a year"),
        _("finance manager"),
    ),
}

REMEDIES = {
    Cause.UNHAPPY: _("Open a complaint and settle it first; ask for the undisputed part now"),
    Cause.SHORTAGE: _("Agree on instalments with dates, the first one now, in writing"),
    Cause.CRISIS: _("Secure the debt and stop supply; take goods back where title is ours"),
    Cause.HABITUAL: _("A fixed rhythm of calls before and on their paying days; shorter terms next time"),
    Cause.MALICIOUS: _("Stop supply, set a last date, then the legal route without delay"),
    Cause.ACCIDENT: _("Find out who answers for it; register the claim, look for security"),
    Cause.OUR_PAPERS: _("Complete and send the papers today, then ask for a date"),
    Cause.DISPUTE: _("Name the disputed part, settle it, and collect the rest"),
}

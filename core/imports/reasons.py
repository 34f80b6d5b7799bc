"""Why a row is refused: one code, one sentence that names the column and says what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

REASONS: dict[str, Promise] = {
    # the row itself
    "wide": _("The row has %(found)s cells, the header has %(expected)s."),
    "narrow": _("The row has only %(found)s cells, the header has %(expected)s."),
    "quote": _("The row has a quotation mark that does not belong there."),
    "unreadable": _("“%(value)s” has characters that could not be read."),
    # one value
    "required": _("A value is missing."),
    "too_long": _("“%(value)s” is longer than %(limit)s characters."),
    "not_a_date": _("“%(value)s” is not a date."),
    "no_such_day": _("“%(value)s” is a day that does not exist."),
    "date_ambiguous": _("“%(value)s” can be read as day–month or month–day. Set the order of dates."),
    "date_order": _("“%(value)s” does not fit the order of dates that was set."),
    "not_a_number": _("“%(value)s” is not a number."),
    "decimal_mark": _("“%(value)s” does not fit the decimal mark of the column."),
    "not_whole": _("“%(value)s” is not a whole number."),
    "out_of_range": _("“%(value)s” is outside what is possible here."),
    "negative": _("“%(value)s” is negative; that is not possible here."),
    "not_a_choice": _("“%(value)s” is not known here. Say what it stands for."),
    "not_an_email": _("“%(value)s” is not an email address."),
    "not_a_phone": _("“%(value)s” is not a phone number."),
    "credit_code": _("“%(value)s” is not a credit code: 18 characters, or its last one does not fit."),
    # records it speaks of
    "account_unknown": _("There is no account “%(value)s”."),
    "account_twice": _("There are several accounts “%(value)s”. Use the code."),
    "account_hidden": _("“%(value)s” is an account of colleagues that you cannot see."),
    "record_unknown": _("There is no record “%(value)s”."),
    "record_twice": _("There are several records “%(value)s”. Use the code."),
    "record_hidden": _("“%(value)s” is a record of colleagues that you cannot see."),
    "user_unknown": _("There is no colleague “%(value)s”."),
    # the record it is
    "key_empty": _("The key to match by is empty."),
    "key_twice": _("Several records have this key; it is not clear which one is meant."),
    "repeated_differently": _("The same record stands in row %(value)s already, with other values."),
    "out_of_scope": _("The record exists, but it is not among those you may change."),
    "fact_differs": _("It stands here already as “%(value)s”. What is on the books is not changed by an import."),
    "fact_elsewhere": _("It stands here already for another record. What is on the books is not changed by an import."),
    "line_refused": _("Another line of it was refused, and it is not imported in part."),
    "lines_differ": _("Rows with the same number name different records here."),
    "code_taken": _("“%(value)s” is the code of another record already."),
    "code_repeated": _("“%(value)s” stands in an earlier row already, for another record."),
    "closed_without_date": _("A closed prospect needs the day it was closed."),
    "closed_before_opened": _("It would be closed before it was opened."),
}


def declare(reasons: Mapping[str, Promise]) -> None:
    """Add the reasons of an app's own hooks: code → sentence, which may quote `%(value)s`."""
    REASONS.update(reasons)


def sentence(code: str, label: str, value: str, extra: dict[str, Any] | None = None) -> str:
    """The reason in the active language, led by the name of the column it is about."""
    text = str(REASONS[code]) % {"value": shorten(value), "found": "", "expected": "", "limit": "", **(extra or {})}
    return _now("%(column)s: %(reason)s") % {"column": label, "reason": text} if label else text


def shorten(value: str, length: int = 60) -> str:
    """One line of at most so many characters."""
    value = " ".join(value.split())
    return value if len(value) <= length else value[: length - 1] + "…"

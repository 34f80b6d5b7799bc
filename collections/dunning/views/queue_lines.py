"""The lines of the queue as they are drawn. Not in the template: here it is several times as fast (as in `core.columns`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import cache
from html import escape

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from core.columns import addresses
from core.money import money_writer
from core.templatetags.core import icon
from dunning.choices import SlotReason
from dunning.queries import QueueLine
from dunning.queries.lines import FirstStep
from dunning.templatetags.collecting import when
from dunning.views.words import line_slot, why_words

Cell = Callable[[QueueLine], str]
NOTHING = '<span class="muted none">–</span>'
CALL, CLAIM = addresses("dunning:call"), addresses("dunning:claim_case")


def draw_lines(lines: Sequence[QueueLine], at: datetime, *, may_assign: bool) -> list[SafeString]:
    """A table row for each line; the columns are those of `dunning/queue.html`."""
    heading = _heading(may_assign=may_assign)
    cells = [
        (_("Overdue"), "number", _overdue()),
        (_("Oldest"), "", _oldest()),
        (pgettext("to call", "When"), "", _when(at)),
        (_("Last contact"), "", _last_contact()),
        (_("Next step"), "", _next_step()),
        (_("Collector"), "", _collector()),
        ("", "cell-actions", _action()),
    ]
    opened = [(_opening_tag(label, css), draw) for label, css, draw in cells]
    return [
        SafeString(
            f'<tr class="queue-line{" queue-line-broken" if line.broken_since else ""}"><th scope="row">{heading(line)}</th>'
            f"{''.join(f'{tag}{draw(line)}</td>' for tag, draw in opened)}</tr>"
        )
        for line in lines
    ]


def _opening_tag(label: str, css: str) -> str:
    return f"<td{f' class={chr(34)}{css}{chr(34)}' if css else ''}{f' data-label={chr(34)}{escape(label)}{chr(34)}' if label else ''}>"


def _second(text: str) -> str:
    """A second line in a cell, smaller."""
    return f'<span class="queue-second">{text}</span>'


def _badge(text: str, tone: str, drawing: str) -> str:
    return render_to_string("components/badge.html", {"text": text, "tone": tone, "icon": drawing}).strip()


def _heading(*, may_assign: bool) -> Cell:
    """Who, and why he stands there."""
    choose = _("Choose %(name)s")
    broken = cache(lambda: _badge(_("broken promise"), "bad", "circle-x"))
    papers = cache(lambda: _badge(_("papers first"), "warn", "file-alert"))

    def cell(line: QueueLine) -> str:
        name = escape(line.account)
        box = (
            f'<input class="form-check-input" type="checkbox" name="account" value="{line.account_id}"'
            f' aria-label="{choose % {"name": name}}">'
            if may_assign
            else ""
        )
        return (
            f'<div class="queue-who">{box}<span class="queue-name">'
            f'<a class="cell-main quiet-link" href="{CALL(line.account_id)}">{name}</a>'
            f"{broken() if line.broken_since else ''}{papers() if line.first_step == FirstStep.FIX_PAPERS else ''}"
            f'<span class="queue-why">{escape(why_words(line.why, line.slot))}</span></span></div>'
        )

    return cell


def _overdue() -> Cell:
    """How much, what of it can be asked for, and what is overdue in other currencies."""
    write, ask = money_writer(cents=False), _("to ask for %(amount)s")

    def cell(line: QueueLine) -> str:
        found = [f"<strong>{write(line.overdue_amount, line.currency)}</strong>"]
        if line.callable_amount != line.overdue_amount:
            found.append(_second(ask % {"amount": write(line.callable_amount, line.currency)}))
        found.extend(_second(write(amount, currency)) for currency, amount in sorted(line.others.items()))
        return "".join(found)

    return cell


def _oldest() -> Cell:
    def cell(line: QueueLine) -> str:
        days = ngettext("%(days)s day", "%(days)s days", line.days) % {"days": line.days}
        sign = '<span class="grade-sign" aria-hidden="true"></span>'
        grade = f'<span class="grade-badge grade-{line.grade.value}">{sign}{escape(str(line.grade.label))}</span>'
        return f'<span class="tabular">{days}</span>{_second(grade)}'

    return cell


def _when(at: datetime) -> Cell:
    """The moment, and on their clock where it is another one."""
    there = _("%(time)s there")

    def cell(line: QueueLine) -> str:
        face = line_slot(line, at)
        words = [there % {"time": face.their_time}] if face.their_time else []
        # What the law forbids to all alike, at night, is no reason beside this one.
        words += [escape(face.why)] if face.tone != "good" and line.slot.reasons[0] != SlotReason.HARD_HOURS else []
        words += [escape(face.measured)] if face.measured else []
        slot = f'<span class="slot slot-{face.tone}" title="{escape(face.why)}">{escape(face.text)}</span>'
        return slot + (f'<span class="queue-second queue-slot-why">{" ".join(words)}</span>' if words else "")

    return cell


def _last_contact() -> Cell:
    word, zone = _("never called"), timezone.get_current_timezone()
    never = f'<span class="muted">{word}</span>'

    def cell(line: QueueLine) -> str:
        call = line.last_call
        if call is None:
            return never
        here = call.at.astimezone(zone)
        time = (
            f'<time class="tabular" datetime="{here.isoformat()}" data-behaviour="relative-time">'
            f"{date_format(here, 'SHORT_DATETIME_FORMAT')}</time>"
        )
        return f"{escape(str(call.outcome.label))}{_second(time + (f' · {escape(call.by)}' if call.by else ''))}"

    return cell


def _next_step() -> Cell:
    days = cache(when)

    def words(day: date | None) -> str:
        return escape(days(day))

    return lambda line: (
        f"{escape(str(line.next_action.label))}{_second(words(line.next_action_on))}" if line.next_action else NOTHING
    )


def _collector() -> Cell:
    """Whose he is, and who is working at him just now."""
    phone, nobody = icon("phone", "sm"), f'<span class="muted">{_("nobody")}</span>'

    def cell(line: QueueLine) -> str:
        given = escape(line.collector) or nobody
        if not line.claimed_by:
            return given
        tone = "good" if line.claimed_by_me else "warn"
        words = _("you, now") if line.claimed_by_me else _("%(name)s, now") % {"name": escape(line.claimed_by)}
        return f'<span class="text-{tone}">{phone} {words}</span>{_second(given)}'

    return cell


def _action() -> Cell:
    drawing, word, label = icon("phone", "sm"), pgettext("verb", "Call"), _("Call %(name)s")
    return lambda line: (
        f'<button class="btn btn-sm" formaction="{CLAIM(line.account_id)}"'
        f' aria-label="{label % {"name": escape(line.account)}}">{drawing}{word}</button>'
    )

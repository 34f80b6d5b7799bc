"""What waits for a second person: the write-offs; and the list of disputes."""

from __future__ import annotations

from django.http.response import HttpResponseBase
from django.utils.html import format_html
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.columns import Cell, Column, Row, addresses, choice, day, link, moment, money, person, text
from core.lists import ListSpec, show_list
from core.permissions import require
from core.requests import StaffRequest
from receivables import queries
from receivables.choices import Decision, DisputeOutcome, DisputeReason, WriteOffReason
from receivables.filters import DisputeFilters, WriteOffFilters
from receivables.views.lists import FIND_HINT, customer

DECISION_TONES = {Decision.WAITING: "warn", Decision.APPROVED: "good", Decision.REFUSED: ""}


def _asked_for() -> Cell:
    """The amount asked for, leading to the decision in a side sheet."""
    address = addresses("receivables:decide_write_off")
    word = _now("Decide")

    def cell(row: Row) -> str:
        if row["decision"] != Decision.WAITING:
            return ""
        url = address(row["id"])
        return format_html('<a class="btn btn-sm" href="{}" hx-get="{}" hx-target="#sheet">{}</a>', url, url, word)

    return cell


WRITE_OFFS = ListSpec(
    key="write-offs",
    title=_("Write-offs"),
    rows=queries.visible_write_offs,
    columns=(
        link("invoice", _("Invoice"), field="invoice__number", pk="invoice_id", to="receivables:invoice", css="cell-main"),
        customer(path="invoice__account"),
        money("amount", _("Amount"), currency="invoice__currency", cents=True),
        choice("reason", _("Reason"), WriteOffReason),
        text("note", _("Evidence"), css="cell-wide cell-short"),
        person("by", _("Asked for by")),
        moment("at", _("Asked for"), shown=False),
        choice("decision", _("State"), Decision, tones=DECISION_TONES),
        person("decided_by", _("Decided by"), shown=False),
        Column(key="decide", label=_("Decide"), reads=("decision",), pen=_asked_for, export=lambda row: "", css="cell-actions"),
        text("currency", _("Currency"), field="invoice__currency", shown=False),
        day("on", _("Written off"), shown=False),
        day("reversed_on", _("Taken back"), shown=False),
        text("id", _("Entered as"), shown=False, sort="id"),
    ),
    sort="-id",
    filters=WriteOffFilters,
    views=(
        (_("All"), {}),
        (_("Waiting"), {"decision": "waiting"}),
        (_("Approved"), {"decision": "approved"}),
        (_("Refused"), {"decision": "refused"}),
    ),
    find="find",
    find_hint=FIND_HINT,
    empty_icon="checks",
    empty_title=_("Nothing was written off"),
    empty_text=_("Whoever finds that a debt cannot be collected asks for it on the invoice; somebody else decides here."),
)  # fmt: skip


def _closing() -> Cell:
    """Closing a dispute in a side sheet."""
    address = addresses("receivables:resolve_dispute")
    word = _now("Close")

    def cell(row: Row) -> str:
        if row["resolved_on"]:
            return ""
        url = address(row["id"])
        return format_html('<a class="btn btn-sm" href="{}" hx-get="{}" hx-target="#sheet">{}</a>', url, url, word)

    return cell


DISPUTES = ListSpec(
    key="disputes",
    title=_("Disputes"),
    rows=queries.visible_disputes,
    columns=(
        link("invoice", _("Invoice"), field="invoice__number", pk="invoice_id", to="receivables:invoice", css="cell-main"),
        customer(path="invoice__account"),
        money("amount", _("Disputed amount"), currency="invoice__currency", cents=True),
        choice("reason", _("Reason"), DisputeReason),
        text("note", _("What the customer says"), css="cell-wide cell-short"),
        day("opened_on", _("Since")),
        day("resolved_on", _("Closed")),
        choice("outcome", _("Outcome"), DisputeOutcome),
        person("by", _("Noted by"), shown=False),
        Column(key="close", label=_("Close"), reads=("resolved_on",), pen=_closing, export=lambda row: "", css="cell-actions"),
        text("currency", _("Currency"), field="invoice__currency", shown=False),
        text("resolution", _("How it ended"), shown=False),
        text("id", _("Entered as"), shown=False, sort="id"),
    ),
    sort="-id",
    filters=DisputeFilters,
    views=((_("All"), {}), (pgettext_lazy("dispute", "Open"), {"open": "true"}), (_("Closed"), {"open": "false"})),
    find="find",
    find_hint=FIND_HINT,
    empty_icon="message-report",
    empty_title=_("Nothing is disputed"),
    empty_text=_("A dispute is noted on the invoice. Dunning then stops for the disputed amount, the rest is still asked for."),
)  # fmt: skip


def approvals(request: StaffRequest) -> HttpResponseBase:
    """Write-offs that wait first; whoever asked does not decide."""
    require(request.user, "receivables.approve_write_off")
    return show_list(request, WRITE_OFFS, "receivables/approvals.html")


def list_disputes(request: StaffRequest) -> HttpResponseBase:
    """What customers do not accept."""
    return show_list(request, DISPUTES, "receivables/list_disputes.html")

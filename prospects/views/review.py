"""The weekly review (P4): one card at a time, a verdict on each."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from core.answers import given_version
from core.errors import Conflict, DomainError
from core.money import format_money
from core.permissions import require
from core.requests import StaffRequest
from core.workdays import today
from prospects import actions, queries
from prospects.choices import Criterion, Stage, Verdict
from prospects.forms import LoseForm, MoveForm, NoteForm
from prospects.models import Prospect
from prospects.queries import ReviewCard, Selection
from prospects.queries.dots import card_dots
from prospects.queries.people import sellers
from prospects.queries.verdicts import verdicts_on
from prospects.views.board import selection_form
from prospects.views.faces import faces


def review(request: StaffRequest) -> HttpResponse:
    """Where the review stands: what is due, whose cards, what was said today."""
    require(request.user, "prospects.review")
    selection = selection_form(request).selection()
    queue = queries.review_queue(request.user, selection)
    discipline = queries.review_discipline(request.user, selection)
    context = {
        "queue": queue,
        "review_figure": _("%(done)s of %(open)s") % {"done": queue.reviewed, "open": queue.open},
        "first_url": _card_url(queue.ids[0], selection) if queue.ids else "",
        "discipline": [_discipline(line) for line in discipline],
        "chosen": next((str(person) for person in sellers(request.user) if person.pk == selection.owner_id), ""),
        "clear_url": request.path if selection.parameters() else "",
        "said": verdicts_on(request.user, today()),
    }
    return render(request, "prospects/review.html", context)


def _discipline(line: Any) -> dict[str, Any]:
    """One rep's line: his share in time, and where to go through his cards."""
    return {
        "owner": line.owner,
        "open": line.open,
        "in_time": line.in_time,
        "due": line.due,
        "tone": "good" if line.share >= 0.9 else "warn" if line.share >= 0.5 else "bad",
        "url": f"{reverse('prospects:review')}?{urlencode({'owner': line.owner.pk})}",
    }


def review_prospect(request: StaffRequest, prospect_id: int) -> HttpResponse:
    """One card: what is new on it, and the verdict. A verdict that needs more is asked for more, here."""
    require(request.user, "prospects.review")
    selection = selection_form(request).selection()
    if request.method != "POST":
        return _show(request, prospect_id, selection, Asking())
    before, after = queries.review_queue(request.user, selection).neighbours(prospect_id)
    said = request.POST.get("verdict", "")
    if said not in Verdict.values:
        return _show(request, prospect_id, selection, Asking.without_verdict(request))
    verdict = Verdict(said)
    asking = _asking(request, prospect_id, verdict)
    if asking.asks_first:
        return _show(request, prospect_id, selection, asking.opened())
    if not asking.is_valid():
        asking.is_open = asking.more is not None
        return _show(request, prospect_id, selection, asking)
    try:
        actions.review_prospect(
            by=request.user,
            prospect_id=prospect_id,
            verdict=verdict,
            version=given_version(request),
            **asking.given(),
        )
    except Conflict:
        raise
    except DomainError as refusal:
        asking.refuse(refusal)
        return _show(request, prospect_id, selection, asking)
    following = after or before
    return redirect(_card_url(following, selection) if following else _overview_url(selection))


class Asking:
    """What a verdict still needs: for up the criteria, for down a reason, for close why it was lost."""

    def __init__(self, verdict: Verdict | None = None, note: NoteForm | None = None, more: Any = None) -> None:
        self.verdict = verdict
        self.note = note or NoteForm()
        self.more: MoveForm | LoseForm | None = more
        self.is_open = False

    @classmethod
    def without_verdict(cls, request: StaffRequest) -> Asking:
        """Sent without saying up, same, down or lost."""
        note = NoteForm(request.POST)
        note.add_error("note", _("Say up, same, down or lost."))
        return cls(note=note)

    def is_valid(self) -> bool:
        more_is_valid = self.more is None or self.more.is_valid()
        return self.note.is_valid() and more_is_valid

    def given(self) -> dict[str, Any]:
        """The answers, as the action takes them."""
        note = self.note.cleaned_data["note"]
        if isinstance(self.more, MoveForm):
            override = self.more.cleaned_data.get("override", False)
            reason = self.more.cleaned_data.get("reason") or note
            return {
                "note": reason if override else note,
                "ticks": list(self.more.evidence()),
                "facts": self.more.card_fields(),
                "override": override,
            }
        if isinstance(self.more, LoseForm):
            return {
                "note": note,
                "reason": self.more.cleaned_data["reason"],
                "competitor": self.more.cleaned_data["competitor"],
            }
        return {"note": note}

    @property
    def asks_first(self) -> bool:
        """Whether there is something to ask that was not asked yet."""
        if self.more is None or "asked" in self.note.data:
            return False
        return isinstance(self.more, LoseForm) or not self.more.sheet.needs_nothing

    def opened(self) -> Asking:
        """With the part that asks, empty and without reproach."""
        more = MoveForm(self.more.sheet) if isinstance(self.more, MoveForm) else LoseForm()
        asking = Asking(self.verdict, NoteForm(initial={"note": self.note.data.get("note", "")}), more)
        asking.is_open = True
        return asking

    def refuse(self, refusal: DomainError) -> None:
        """Say what is wrong where it was asked."""
        if isinstance(self.more, MoveForm):
            self.more.refuse(refusal)
        elif isinstance(self.more, LoseForm):
            self.more.add_error(refusal.field if refusal.field in self.more.fields else None, str(refusal.message))
        else:
            self.note.add_error("note", str(refusal.message))
        self.is_open = self.more is not None

    @property
    def is_refused(self) -> bool:
        return self.is_open or bool(self.note.errors)


def _asking(request: StaffRequest, prospect_id: int, verdict: Verdict) -> Asking:
    note = NoteForm(request.POST)
    if verdict == Verdict.UP:
        stage = Stage(queries.get_prospect(request.user, prospect_id).stage)
        if stage.next_up is not None:
            sheet = queries.move_sheet(request.user, prospect_id, stage.next_up)
            return Asking(verdict, note, MoveForm(sheet, request.POST))
    if verdict == Verdict.CLOSE:
        return Asking(verdict, note, LoseForm(request.POST))
    return Asking(verdict, note)


def _show(request: StaffRequest, prospect_id: int, selection: Selection, asking: Asking) -> HttpResponse:
    found = queries.review_card(request.user, prospect_id)
    queue = queries.review_queue(request.user, selection)
    before, after = queue.neighbours(prospect_id)
    [face] = faces([found.card], card_dots([found.card], today()), today())
    context = {
        "found": found,
        "prospect": found.prospect,
        "face": face,
        "stage": found.card.stage,
        "news": _news(found),
        "queue": queue,
        "place": queue.ids.index(prospect_id) + 1 if prospect_id in queue.ids else None,
        "previous_url": _card_url(before, selection) if before else "",
        "next_url": _card_url(after, selection) if after else "",
        "overview_url": _overview_url(selection),
        "asking": asking,
        "verdicts": Verdict,
    }
    status = 422 if asking.is_refused else 200
    return render(request, "prospects/review_prospect.html", context, status=status)


def _news(found: ReviewCard) -> list[dict[str, Any]]:
    """What is new since the last verdict: classes, criteria, fields then and now."""
    news: list[dict[str, Any]] = []
    for change in found.stage_changes:
        words = {"from": Stage(change.from_stage).letter, "to": Stage(change.to_stage).letter}  # type: ignore[arg-type]
        is_up = change.to_stage > (change.from_stage or 0)
        news.append(
            {
                "icon": "arrow-up" if is_up else "arrow-down",
                "tone": "good" if is_up else "warn",
                "text": _("%(from)s → %(to)s") % words,
                "note": change.reason,
            }
        )
    for tick in found.ticks:
        label = str(Criterion(tick.criterion).label)
        if tick.withdrawn_at:
            news.append({"icon": "circle-minus", "tone": "warn", "text": label, "note": tick.withdrawn_because})
        else:
            news.append({"icon": "check", "tone": "good", "text": label, "note": tick.note})
    changed = [
        {
            "icon": "pencil",
            "text": str(change.label),
            "before": _shown(found.prospect, change.field, change.before),
            "after": _shown(found.prospect, change.field, change.after),
        }
        for change in found.fields
    ]
    return news + changed


def _shown(prospect: Prospect, field: str, value: Any) -> str:
    """A field's value for people."""
    if value in (None, ""):
        return _("nothing")
    if field == "amount":
        return format_money(value, prospect.currency, cents=False)
    if field in ("owner_id", "account_id"):
        return str(getattr(prospect, field.removesuffix("_id"))) if value == getattr(prospect, field) else _("another")
    if field.endswith("_on"):
        return date_format(value, "SHORT_DATE_FORMAT")
    return str(value)


def _card_url(prospect_id: int, selection: Selection) -> str:
    return _with(reverse("prospects:review_prospect", args=[prospect_id]), selection)


def _overview_url(selection: Selection) -> str:
    return _with(reverse("prospects:review"), selection)


def _with(url: str, selection: Selection) -> str:
    words = selection.parameters()
    return f"{url}?{urlencode(words)}" if words else url

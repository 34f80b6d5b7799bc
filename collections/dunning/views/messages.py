"""Letters: looking at them before they leave, the print queue, what failed, what was sent, and each one by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.answers import attempt, pdf_answer, saved, show_form
from core.errors import NotFound
from core.permissions import allowed, require
from core.requests import StaffRequest
from core.workdays import today
from dunning import actions, queries
from dunning.choices import MessageState, SendFailure, StepChannel
from dunning.documents import TypesettingError, pictures, typeset
from dunning.documents.messages import file_name, message_document, reference
from dunning.documents.printed import bundle, page_pictures
from dunning.models import Message
from dunning.queries.messages import (
    FAILED,
    LEFT_OUT,
    PRINTED,
    SENT,
    TO_PRINT,
    TO_REVIEW,
    TO_SEND,
    MessageCounts,
    get_message,
    lacking_papers,
    left_out_because,
    message_counts,
    messages_where,
    printed_letters,
    proposed_holds,
)
from dunning.views.ladder import day_of
from dunning.views.papers import as_images, not_set
from dunning.views.shapes import ArrivalForm, HoldForm, RetryForm, SkipForm, WordsForm

PAGE = 50
TABS = {
    "review": TO_REVIEW,
    "print": TO_PRINT | PRINTED,
    "sending": TO_SEND,
    "failed": FAILED,
    "sent": SENT,
    "left-out": LEFT_OUT,
}
TONES = {"proposed": "accent", "approved": "", "sending": "", "sent": "good", "failed": "bad", "skipped": ""}


def messages(request: StaffRequest) -> HttpResponse:
    """Who gets what and why; by where it stands."""
    require(request.user, "dunning.collect")
    tab = request.GET.get("tab", "review")
    if tab not in TABS:
        raise NotFound
    after = request.GET.get("after", "")
    before = int(after) if after.isdecimal() and len(after) < 19 else None
    found = list(messages_where(request.user, TABS[tab], before=before)[: PAGE + 1])
    counts = message_counts(request.user)
    is_first_review = tab == "review" and not after
    context = {
        "tab": tab,
        "tabs": _tabs(tab, counts),
        "counts": counts,
        "lines": [_line(message) for message in found[:PAGE]],
        "more_url": f"?tab={tab}&after={found[PAGE - 1].pk}" if len(found) > PAGE else "",
        "may_send": allowed(request.user, "dunning.send"),
        "may_hold": allowed(request.user, "receivables.hold"),
        "holds": proposed_holds(request.user) if is_first_review else [],
        "papers": lacking_papers(request.user, today(), 8) if is_first_review else (0, []),
    }
    return render(request, "dunning/messages.html", context)


@require_POST
def propose_messages(request: StaffRequest) -> HttpResponse:
    """Climb the ladder now instead of tomorrow morning."""
    run = actions.propose_messages(by=request.user)
    text = _("%(messages)s letters to look at, %(calls)s calls, %(holds)s holds to decide.")
    notices.success(request, text % {"messages": run.messages, "calls": run.calls, "holds": run.holds})
    return redirect("dunning:messages")


@require_POST
def approve_messages(request: StaffRequest) -> HttpResponse:
    """The ticked ones, or with `all` everything that waits."""
    ids = None if "all" in request.POST else _ticked(request)
    count = actions.approve_messages(by=request.user, message_ids=ids)
    _tell(request, count, ngettext("%(count)s letter approved.", "%(count)s letters approved.", count))
    return redirect("dunning:messages")


@require_POST
def print_letters(request: StaffRequest) -> HttpResponse:
    """The ticked letters of the print queue, or all: set as PDF, ready to be opened and printed."""
    printed = actions.print_letters(by=request.user, message_ids=_ticked(request) or None)
    _tell(request, len(printed), ngettext("%(count)s letter printed.", "%(count)s letters printed.", len(printed)))
    return redirect(f"{reverse('dunning:messages')}?tab=print")


def print_bundle(request: StaffRequest) -> HttpResponse:
    """All printed letters that wait to be posted, one after the other in one PDF."""
    require(request.user, "dunning.send")
    letters = printed_letters(request.user)
    if not letters:
        raise NotFound
    return pdf_answer(bundle(letters), f"letters-{today().isoformat()}.pdf")


@require_POST
def post_letters(request: StaffRequest) -> HttpResponse:
    """The ticked printed letters, or all of them, are in the post."""
    count = actions.post_letters(by=request.user, message_ids=_ticked(request) or None)
    _tell(request, count, ngettext("%(count)s letter posted.", "%(count)s letters posted.", count))
    return redirect(f"{reverse('dunning:messages')}?tab=print")


def message(request: StaffRequest, message_id: int) -> HttpResponse:
    """One letter: whom, why, its words, its pages, and what can be done with it."""
    found = get_message(request.user, message_id)
    state = MessageState(found.state)
    context = {
        "message": found,
        "line": _line(found),
        "reference": reference(found),
        "invoices": found.lines.select_related("invoice").order_by("due_on", "id")[:200],
        "may_send": allowed(request.user, "dunning.send"),
        "can_edit": state == MessageState.PROPOSED,
        "can_skip": state in {MessageState.PROPOSED, MessageState.APPROVED, MessageState.FAILED} or _is_printed(found),
        "can_arrive": state == MessageState.SENT and found.arrived_on is None,
        "failure": SendFailure(found.error).label if found.error in SendFailure.values else "",
        "left_out": left_out_because(found),
        "next_url": _following(request, found) if state == MessageState.PROPOSED else "",
    }
    return render(request, "dunning/message.html", context)


def message_pages(request: StaffRequest, message_id: int) -> HttpResponse:
    """The letter's pages as pictures: of the PDF as it was sent, or as it would be set now."""
    found = get_message(request.user, message_id)
    try:
        pages = page_pictures(bytes(found.pdf)) if found.pdf else pictures(*message_document(found, today()))
    except TypesettingError:
        pages = []
    context = {"pages": as_images(pages), "message": found}
    return render(request, "dunning/_message_pages.html", context)


def message_pdf(request: StaffRequest, message_id: int) -> HttpResponse:
    """The PDF as it was sent; before that, as it would be."""
    found = get_message(request.user, message_id)
    try:
        pdf = bytes(found.pdf) if found.pdf else typeset(*message_document(found, today()))
    except TypesettingError as error:
        raise not_set(error, _("The PDF could not be made.")) from error
    return pdf_answer(pdf, file_name(found))


def edit_message(request: StaffRequest, message_id: int) -> HttpResponse:
    """The words of one, where it goes, and how."""
    require(request.user, "dunning.send")
    found = get_message(request.user, message_id)
    initial = {name: getattr(found, name) for name in ("channel", "to", "subject", "body")}
    form = WordsForm(request.POST or None, initial=initial)
    if form.is_valid():
        given = {**form.cleaned_data, "channel": StepChannel(form.cleaned_data["channel"])}
        if done(form, lambda: actions.edit_message(by=request.user, message_id=message_id, **given)):
            return saved(request, _url(found), _("Saved."), changed="message", go=True)
    return _sheet(request, form, found, title=_("Change the words"), submit=_("Save"))


def skip_message(request: StaffRequest, message_id: int) -> HttpResponse:
    """Leave one out, with the reason."""
    require(request.user, "dunning.send")
    found = get_message(request.user, message_id)
    form = SkipForm(request.POST or None)
    if form.is_valid() and done(
        form, lambda: actions.skip_message(by=request.user, message_id=message_id, **form.cleaned_data)
    ):
        return saved(request, _following(request, found), _("Left out."), changed="message", go=True)
    return _sheet(request, form, found, title=_("Leave this letter out"), submit=_("Leave out"))


@require_POST
def approve_message(request: StaffRequest, message_id: int) -> HttpResponse:
    """Let one go, and on to the next."""
    require(request.user, "dunning.send")
    found = get_message(request.user, message_id)
    actions.approve_messages(by=request.user, message_ids=[message_id])
    notices.success(request, _("Approved: %(name)s") % {"name": found.account})
    return redirect(_following(request, found))


def retry_message(request: StaffRequest, message_id: int) -> HttpResponse:
    """Send one that failed again, perhaps elsewhere."""
    require(request.user, "dunning.send")
    found = get_message(request.user, message_id)
    form = RetryForm(request.POST or None, initial={"to": found.to})
    if form.is_valid() and done(
        form, lambda: actions.retry_message(by=request.user, message_id=message_id, **form.cleaned_data)
    ):
        return saved(request, _url(found), _("It is sent again."), changed="message", go=True)
    return _sheet(request, form, found, title=_("Send again"), submit=_("Send again"))


def record_arrival(request: StaffRequest, message_id: int) -> HttpResponse:
    """The proof that it arrived."""
    require(request.user, "dunning.send")
    found = get_message(request.user, message_id)
    form = ArrivalForm(request.POST or None, initial={"on": today()})
    if form.is_valid() and done(
        form, lambda: actions.record_arrival(by=request.user, message_id=message_id, **form.cleaned_data)
    ):
        return saved(request, _url(found), _("Saved."), changed="message", go=True)
    return _sheet(request, form, found, title=_("Proof of arrival"), submit=_("Save"))


def answer_hold(request: StaffRequest, account_id: int) -> HttpResponse:
    """Hold supply as the ladder proposes, or (`?answer=no`) go on with a reason."""
    is_no = request.GET.get("answer") == "no"
    require(request.user, "receivables.hold")
    case = queries.get_case(request.user, account_id)
    late = (today() - case.oldest_due_on).days if case.oldest_due_on else 0
    reason = "" if is_no else _("Payment is %(days)s days late.") % {"days": late}
    form = HoldForm(request.POST or None, initial={"reason": reason})
    act = actions.decline_hold if is_no else actions.accept_hold
    if form.is_valid() and done(form, lambda: act(by=request.user, account_id=account_id, **form.cleaned_data)):
        text = _("Supply goes on.") if is_no else _("Supply is held.")
        return saved(request, reverse("dunning:messages"), text, changed="message", go=True)
    title = _("Go on supplying") if is_no else _("Hold supply")
    return show_form(
        request, form, title=title, subtitle=str(case.account), submit=title, cancel_url=reverse("dunning:messages")
    )


def done(form: Any, act: Callable[[], object]) -> bool:
    """Whether the action went through; its refusal stands on the form."""
    return attempt(form, act) is not None


def _sheet(request: StaffRequest, form: Any, found: Message, **words: str) -> HttpResponse:
    return show_form(request, form, subtitle=str(found.account), cancel_url=_url(found), **words)


def _url(found: Message) -> str:
    return reverse("dunning:message", args=[found.pk])


def _following(request: StaffRequest, found: Message) -> str:
    """The next letter that waits for a look; without one, the list."""
    following = messages_where(request.user, TO_REVIEW, before=found.pk).first()
    return _url(following) if following else reverse("dunning:messages")


def _ticked(request: StaffRequest) -> list[int]:
    return [int(pk) for pk in request.POST.getlist("message") if pk.isdecimal() and len(pk) < 19]


def _tell(request: StaffRequest, count: int, text: str) -> None:
    if count:
        notices.success(request, text % {"count": count})
    else:
        notices.info(request, _("There was nothing to do."))


def _is_printed(found: Message) -> bool:
    return found.state == MessageState.SENDING and found.channel == StepChannel.LETTER


def _tabs(current: str, counts: MessageCounts) -> list[dict[str, Any]]:
    labels = [
        ("review", _("To look at"), counts.to_review),
        ("print", _("Print queue"), counts.to_print + counts.printed),
        ("sending", _("Being sent"), counts.to_send),
        ("failed", _("Failed"), counts.failed),
        ("sent", _("Sent"), None),
        ("left-out", _("Left out"), None),
    ]
    return [
        {"label": label, "url": f"?{urlencode({'tab': key})}", "current": key == current, "count": count}
        for key, label, count in labels
    ]


def _line(found: Message) -> dict[str, Any]:
    """What a list says of a letter, and why it is written."""
    step = found.step
    name = (step.name_zh if get_language() == "zh-hans" else step.name) if step else ""
    return {
        "message": found,
        "url": _url(found),
        "why": f"{day_of(step.days)} · {name}" if step else found.get_kind_display(),
        "tone": "bad" if step and step.is_formal else TONES[found.state],
        "where": found.to if found.channel == StepChannel.MAIL else _("by post"),
        "icon": "mail" if found.channel == StepChannel.MAIL else "mailbox",
        "is_printed": _is_printed(found),
        "failure": SendFailure(found.error).label if found.error in SendFailure.values else "",
        "left_out": left_out_because(found),
    }

"""The ladder (C11): its rungs, their wordings, and how they come out."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.answers import attempt, given_version, pdf_answer, show_conflict
from core.errors import Conflict
from core.permissions import require
from core.requests import StaffRequest
from core.workdays import today
from dunning import actions
from dunning.choices import Language, StepChannel
from dunning.documents import TypesettingError, pictures, typeset
from dunning.documents.samples import sample_letter, sample_words
from dunning.models import LadderStep
from dunning.queries.messages import get_step
from dunning.queries.messages import ladder as rungs
from dunning.rules.wording import PLACEHOLDERS, apologies, unknown_placeholders
from dunning.views.papers import as_images, not_set
from dunning.views.shapes import StepForm

ICONS = {"mail": "mail", "letter": "mailbox", "call": "phone", "legal": "gavel"}
WORDINGS = ("subject", "body", "subject_zh", "body_zh")


def ladder(request: StaffRequest) -> HttpResponse:
    """All rungs, lowest first."""
    require(request.user, "dunning.set_ladder")
    context = {
        "lines": [_line(step) for step in rungs()],
        "retired": [_line(step) for step in rungs(retired=True)],
    }
    return render(request, "dunning/ladder.html", context)


def add_step(request: StaffRequest) -> HttpResponse:
    """A new rung."""
    require(request.user, "dunning.set_ladder")
    form = StepForm(request.POST or None)
    if form.is_valid():
        added = attempt(form, lambda: actions.add_ladder_step(by=request.user, **form.cleaned_data))
        if added:
            messages.success(request, _("The rung was added."))
            return redirect("dunning:ladder")
    return _show(request, form, None)


def edit_step(request: StaffRequest, step_id: int) -> HttpResponse:
    """A rung and its wordings. Over somebody's newer edit both versions are shown (409)."""
    require(request.user, "dunning.set_ladder")
    step = get_step(step_id)
    form = StepForm(request.POST or None, instance=step)
    if form.is_valid():
        try:
            done = attempt(
                form,
                lambda: actions.edit_ladder_step(
                    by=request.user, step_id=step_id, version=given_version(request), **form.cleaned_data
                ),
            )
        except Conflict as conflict:
            theirs = {name: getattr(get_step(step_id), name) for name in form.cleaned_data}
            return show_conflict(request, form, conflict, theirs, cancel_url=reverse("dunning:ladder"))
        if done:
            messages.success(request, _("Saved."))
            return redirect("dunning:ladder")
    return _show(request, form, get_step(step_id))


@require_POST
def retire_step(request: StaffRequest, step_id: int) -> HttpResponse:
    """Out of the ladder."""
    actions.retire_ladder_step(by=request.user, step_id=step_id)
    messages.success(request, _("The rung was taken out."))
    return redirect("dunning:ladder")


@require_POST
def preview_step(request: StaffRequest) -> HttpResponse:
    """What is being typed, as a mail and as the first page of the letter, in the language chosen."""
    require(request.user, "dunning.set_ladder")
    step, language = _typed(request), _language(request)
    unknown = [name for field in WORDINGS for name in unknown_placeholders(getattr(step, field))]
    found = [phrase for field in WORDINGS for phrase in apologies(getattr(step, field))]
    context: dict[str, Any] = {
        "unknown": unknown,
        "apologies": found,
        "known": [f"{{{name}}}" for name in PLACEHOLDERS],
        "is_written": step.channel in {StepChannel.MAIL, StepChannel.LETTER},
        "language": language,
        "languages": Language.choices,
    }
    if context["is_written"]:
        on = today()
        pay_by = actions.pay_by_of(step, on, on)
        context["words"] = sample_words(step, language, on, pay_by)
        try:
            context["pages"] = as_images(pictures("letter", sample_letter(step, language, on, pay_by)))
        except TypesettingError:
            context["pages"] = []
    return render(request, "dunning/_step_preview.html", context)


@require_POST
def step_pdf(request: StaffRequest) -> HttpResponse:
    """What is being typed, as PDF."""
    require(request.user, "dunning.set_ladder")
    step, on = _typed(request), today()
    try:
        pdf = typeset("letter", sample_letter(step, _language(request), on, actions.pay_by_of(step, on, on)))
    except TypesettingError as error:
        raise not_set(error, _("The PDF could not be made.")) from error
    return pdf_answer(pdf, "preview.pdf")


def _show(request: StaffRequest, form: StepForm, step: LadderStep | None) -> HttpResponse:
    form.auto_id = "step_%s"
    context = {
        "form": form,
        "step": step,
        "title": _line(step)["name"] if step else "",
        "version": given_version(request) or (step.version if step else None),
        "placeholders": [f"{{{name}}}" for name in PLACEHOLDERS],
        "language": Language.CHINESE if get_language() == "zh-hans" else Language.ENGLISH,
        "languages": Language.choices,
    }
    return render(request, "dunning/edit_step.html", context, status=422 if form.errors else 200)


def _typed(request: StaffRequest) -> LadderStep:
    """The rung in the form, not stored; what is not a number of days counts as the due date."""
    typed = request.POST
    days = typed.get("days", "")
    return LadderStep(
        days=int(days) if days.lstrip("-").isdecimal() and len(days) < 5 else 0,
        channel=typed.get("channel", ""),
        is_formal="is_formal" in typed,
        **{name: typed.get(name, "")[:5000] for name in WORDINGS},
    )


def _language(request: StaffRequest) -> str:
    wanted = request.POST.get("language", "")
    return wanted if wanted in Language.values else Language.ENGLISH


def _line(step: LadderStep) -> dict[str, Any]:
    is_chinese = get_language() == "zh-hans"
    return {
        "step": step,
        "day": day_of(step.days),
        "name": step.name_zh if is_chinese else step.name,
        "icon": ICONS[step.channel],
        "subject": step.subject_zh if is_chinese else step.subject,
    }


def day_of(days: int) -> str:
    """T−7, T, T+30."""
    return "T" if days == 0 else f"T+{days}" if days > 0 else f"T−{-days}"

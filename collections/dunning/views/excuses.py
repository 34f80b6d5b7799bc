"""What customers say instead of paying, and what we answer (C8, assurance §2.6): the list, and the panel of the call screen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.answers import attempt, given_version, show_conflict
from core.errors import Conflict
from core.permissions import require
from core.requests import StaffRequest
from dunning import actions
from dunning.choices import Language
from dunning.models import Excuse
from dunning.queries.excuses import get_excuse, retired_excuses, visible_excuses
from dunning.views.shapes import ExcuseForm
from receivables.choices import Cause


@dataclass(frozen=True)
class Wording:
    """An excuse in one language."""

    says: str
    reply: str
    law: str


@dataclass(frozen=True)
class Answer:
    """An excuse as it is drawn: in the reader's language, and in each for the call screen."""

    excuse: Excuse
    words: Wording
    languages: dict[str, Wording]


@dataclass(frozen=True)
class Group:
    """The excuses of one reason."""

    cause: Cause
    answers: list[Answer]


def excuses(request: StaffRequest) -> HttpResponse:
    """All of them, by reason."""
    require(request.user, "dunning.set_ladder")
    context = {
        "groups": _groups(visible_excuses(request.user)),
        "retired": [_answer(excuse) for excuse in retired_excuses(request.user)],
    }
    return render(request, "dunning/excuses.html", context)


def answers(request: StaffRequest) -> HttpResponse:
    """The panel of the call screen: both languages, by reason."""
    require(request.user, "dunning.collect")
    context = {"groups": _groups(visible_excuses(request.user))}
    return render(request, "dunning/answers.html" if not request.htmx else "dunning/_answers.html", context)


def add_excuse(request: StaffRequest) -> HttpResponse:
    """A new one."""
    require(request.user, "dunning.set_ladder")
    form = ExcuseForm(request.POST or None)
    if form.is_valid() and attempt(form, lambda: bool(actions.add_excuse(by=request.user, **form.cleaned_data))):
        messages.success(request, _("The excuse was added."))
        return redirect("dunning:excuses")
    return _show(request, form, None)


def edit_excuse(request: StaffRequest, excuse_id: int) -> HttpResponse:
    """One excuse with its answer. Over somebody's newer edit both versions are shown (409)."""
    require(request.user, "dunning.set_ladder")
    excuse = get_excuse(request.user, excuse_id)
    form = ExcuseForm(request.POST or None, instance=excuse)
    if form.is_valid():
        try:
            done = attempt(
                form,
                lambda: actions.edit_excuse(
                    by=request.user, excuse_id=excuse_id, version=given_version(request), **form.cleaned_data
                ),
            )
        except Conflict as conflict:
            now = get_excuse(request.user, excuse_id)
            theirs = {name: getattr(now, name) for name in form.cleaned_data}
            return show_conflict(request, form, conflict, theirs, cancel_url=reverse("dunning:excuses"))
        if done:
            messages.success(request, _("Saved."))
            return redirect("dunning:excuses")
    return _show(request, form, get_excuse(request.user, excuse_id))


@require_POST
def retire_excuse(request: StaffRequest, excuse_id: int) -> HttpResponse:
    """Out of the list."""
    actions.retire_excuse(by=request.user, excuse_id=excuse_id)
    messages.success(request, _("The excuse was taken out."))
    return redirect("dunning:excuses")


def _show(request: StaffRequest, form: ExcuseForm, excuse: Excuse | None) -> HttpResponse:
    version = given_version(request) or (excuse.version if excuse else None)
    title = _answer(excuse).words.says if excuse else ""
    context = {"form": form, "excuse": excuse, "title": title, "version": version}
    return render(request, "dunning/edit_excuse.html", context, status=422 if form.errors else 200)


def _groups(rows: Iterable[Excuse]) -> list[Group]:
    return [
        Group(Cause(cause), [_answer(one) for one in found]) for cause, found in groupby(rows, lambda one: one.cause)
    ]


def _answer(excuse: Excuse) -> Answer:
    languages = {
        Language.ENGLISH.value: Wording(excuse.says, excuse.reply, excuse.law),
        Language.CHINESE.value: Wording(excuse.says_zh, excuse.reply_zh, excuse.law_zh),
    }
    return Answer(excuse, languages[Language.CHINESE if get_language() == "zh-hans" else Language.ENGLISH], languages)

"""Settings of collecting: hours, limits, grace, what stands on letters."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from core.answers import attempt, given_version, show_conflict
from core.errors import Conflict
from core.permissions import require
from core.requests import StaffRequest
from dunning import actions, queries
from dunning.forms import RuleForm


def settings(request: StaffRequest) -> HttpResponse:
    """When we call, how often, how long a promise has grace. Over somebody's newer edit both versions are shown (409)."""
    require(request.user, "dunning.set_ladder")
    rule = queries.dunning_rule()
    form = RuleForm(request.POST or None, instance=rule)
    if form.is_valid():
        try:
            done = attempt(
                form,
                lambda: actions.set_dunning_rule(by=request.user, version=given_version(request), **form.cleaned_data),
            )
        except Conflict as conflict:
            theirs = {name: getattr(queries.dunning_rule(), name) for name in form.cleaned_data}
            return show_conflict(request, form, conflict, theirs, cancel_url=request.path)
        if done:
            messages.success(request, _("Saved."))
            return redirect("dunning:settings")
    context = {"form": form, "version": given_version(request) or rule.version}
    return render(request, "dunning/settings.html", context, status=422 if form.errors else 200)

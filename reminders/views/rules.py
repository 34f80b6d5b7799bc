"""The rules of reminders as the administrator sets them."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from core.answers import attempt, given_version, saved, show_form
from core.errors import NotFound
from core.permissions import require
from core.requests import StaffRequest
from reminders import actions
from reminders.forms import RuleForm
from reminders.queries import all_rules, rule_setting
from reminders.queries.settings import rule_settings
from reminders.registry import RULES

MANAGE = "reminders.manage"


def list_rules(request: StaffRequest) -> HttpResponse:
    """Every rule with what it says, who gets it, when, and whether it climbs."""
    require(request.user, MANAGE)
    settings = rule_settings()
    rows = [{"rule": rule, "setting": settings.get(rule.code)} for rule in all_rules()]
    return render(request, "reminders/list_rules.html", {"rows": rows})


def set_rule(request: StaffRequest, rule: str) -> HttpResponse:
    """On or off, its time, its climbing."""
    require(request.user, MANAGE)
    declared = RULES.get(rule)
    if declared is None:
        raise NotFound
    setting = rule_setting(rule)
    version = setting.version
    form = RuleForm(request.POST or None, instance=setting)
    if not declared.climbs:
        form.fields.pop("climbs")
    form.fields["at"].widget.attrs["placeholder"] = declared.at.strftime("%H:%M")
    to = reverse("reminders:list_rules")
    if form.is_valid():
        given = {"climbs": True, **form.cleaned_data}
        sent = given_version(request) or 1
        if attempt(form, lambda: actions.set_rule(by=request.user, rule=rule, version=sent, **given)):
            return saved(request, to, _("Saved."), changed="rules", go=True)
    return show_form(
        request,
        form,
        title=str(declared.title),
        lead=str(declared.why),
        submit=_("Save"),
        cancel_url=to,
        version=version,
    )

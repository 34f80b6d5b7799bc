"""The page of one prospect, and the panel of an account's prospects."""

from __future__ import annotations

from itertools import zip_longest
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from core.money import format_money, round_money
from core.permissions import allowed
from core.requests import StaffRequest
from core.words import listed
from core.workdays import today
from prospects import queries
from prospects.choices import OPEN_STAGES, ChangeKind, Criterion, Outcome, Stage
from prospects.models import Prospect
from prospects.queries import ProspectRecord
from prospects.queries.prospects import ClassLine
from prospects.rules import cycle
from prospects.templatetags.prospects import day_month, days
from prospects.views.happenings import happenings


def prospect(request: StaffRequest, prospect_id: int) -> HttpResponse:
    """Where it stands, what comes next, what is missing, and how it came here."""
    record = queries.prospect_record(request.user, prospect_id)
    subject, stage = record.prospect, Stage(record.prospect.stage)
    following = record.following
    context = {
        "prospect": subject,
        "record": record,
        "stage": stage,
        "urls": _urls(subject),
        "path": _path(record, may_move=allowed(request.user, "prospects.move")),
        "figures": _figures(record),
        "classes": _classes(record),
        "closing": next((closing for closing in record.closings if closing.reopened_at is None), None),
        "closed_tone": "good" if subject.outcome == Outcome.WON else "bad",
        "following_lines": _lines(record, following) if following else [],
        "following_heading": _heading(record, following) if following else None,
        "standing_lines": _lines(record, stage) if stage != Stage.E else [],
        "standing_heading": _heading(record, stage) if stage != Stage.E else None,
        "may_tick": subject.is_open and allowed(request.user, "prospects.tick"),
        "happenings": happenings(record),
        "history_url": _history_url(subject),
    }
    return render(request, "prospects/prospect.html", context)


def account_panel(request: StaffRequest, account_id: int) -> HttpResponse:
    """The prospects of an account, for the account's page."""
    found = queries.account_prospects(request.user, account_id)
    may_add = allowed(request.user, "prospects.add")
    context = {"prospects": found, "account_id": account_id, "may_add": may_add}
    return render(request, "prospects/_account_panel.html", context)


def _urls(subject: Prospect) -> dict[str, str]:
    names = (
        "edit_prospect",
        "plan_next_step",
        "move_prospect",
        "close_prospect",
        "reopen_prospect",
        "transfer_prospect",
    )
    return {name.split("_")[0]: reverse(f"prospects:{name}", args=[subject.pk]) for name in names}


def _history_url(subject: Prospect) -> str:
    """Every change, field by field."""
    try:
        return reverse("core:history", args=[subject._meta.label_lower, subject.pk])
    except NoReverseMatch:
        return ""


def _path(record: ProspectRecord, *, may_move: bool) -> list[dict[str, Any]]:
    """The six classes: entered when, which one now, where it may go."""
    subject, now = record.prospect, Stage(record.prospect.stage)
    entered = {}
    for change in reversed(record.changes):
        entered[Stage(change.to_stage)] = change.on
    steps = []
    for stage in Stage:
        is_here = stage == now
        note = day_month(entered[stage]) if stage in entered and stage <= now else f"{stage.percent} %"
        if is_here:
            note = _("since %(day)s") % {"day": day_month(subject.entered_stage_on)}
        may = may_move and subject.is_open and not is_here
        steps.append(
            {
                "stage": stage,
                "state": "here" if is_here else "past" if stage < now else "ahead",
                "note": note,
                "url": f"{reverse('prospects:move_prospect', args=[subject.pk])}?to={int(stage)}" if may else "",
            }
        )
    return steps


def _figures(record: ProspectRecord) -> dict[str, Any]:
    """The key figures in the header."""
    subject, stage, on = record.prospect, Stage(record.prospect.stage), today()
    figures: dict[str, Any] = {"amount": format_money(subject.amount, subject.currency, cents=False)}
    if subject.is_open and subject.amount is not None:
        weighted = format_money(round_money(subject.amount * stage.probability), subject.currency, cents=False)
        figures["weighted"] = _("× %(percent)s %% = %(amount)s") % {"percent": stage.percent, "amount": weighted}
    if subject.is_open:
        late = subject.expected_close_on is not None and subject.expected_close_on < on
        figures |= {
            "close_label": _("Expected close"),
            "close": day_month(subject.expected_close_on),
            "close_tone": "bad" if late else "",
            "close_note": _("has passed") if late else _decision(subject),
        }
    else:
        figures |= {"close_label": subject.get_outcome_display(), "close": day_month(subject.closed_on)}
    over = record.norm_days is not None and record.clocks.current > record.norm_days and subject.is_open
    figures |= {
        "age_label": _("At %(letter)s") % {"letter": stage.letter},
        "age": days(record.clocks.current),
        "age_note": _age_note(record),
        "age_tone": "bad" if record.is_beyond_norm and subject.is_open else "warn" if over else "",
    }
    if subject.own_estimate is not None:
        figures |= {
            "estimate": f"{subject.own_estimate} %",
            "estimate_note": _("the class says %(percent)s %%") % {"percent": stage.percent},
        }
    return figures


def _decision(subject: Prospect) -> str:
    return _("they decide by %(day)s") % {"day": day_month(subject.decision_on)} if subject.decision_on else ""


def _age_note(record: ProspectRecord) -> str:
    parts = []
    if record.norm_days is not None:
        parts.append(_("usual: %(days)s") % {"days": days(record.norm_days)})
    if record.clocks.cumulative != record.clocks.current:
        parts.append(_("in all %(days)s") % {"days": days(record.clocks.cumulative)})
    return " · ".join(parts)


def _heading(record: ProspectRecord, stage: Stage) -> dict[str, str]:
    lines = record.lines[stage]
    met = sum(line.check.is_met for line in lines)
    if stage == record.following:
        text = _("What S asks for: one of these") if stage == Stage.S else _("What %s asks for") % stage.letter
    else:
        text = _("What %s rests on") % stage.letter
    return {"text": text, "count": _("%(met)d of %(all)d") % {"met": met, "all": len(lines)}}


def _lines(record: ProspectRecord, stage: Stage) -> list[dict[str, Any]]:
    return [_line(record.prospect, line) for line in record.lines[stage]]


def _line(subject: Prospect, line: ClassLine) -> dict[str, Any]:
    """One criterion with its evidence, who said so, and what it still lacks."""
    check, tick = line.check, line.tick
    names = [str(getattr(Prospect._meta.get_field(name), "verbose_name", name)) for name in check.needs_fields]
    place = [subject.pk, check.criterion.value]
    return {
        "label": check.criterion.label,
        "is_met": check.is_met,
        "is_hard": check.is_hard,
        "evidence": tick.note if tick else _own_evidence(subject, check.criterion),
        "link": tick.link if tick else "",
        "visit_url": reverse("visits:visit", args=[tick.visit_id]) if tick and tick.visit_id else "",
        "who": str(tick.by) if tick and tick.by else "",
        "on": tick.on if tick else None,
        "lacks": _("Needs: %(fields)s") % {"fields": listed(names)} if names else "",
        "tick_url": reverse("prospects:tick_criterion", args=place) if check.needs_tick else "",
        "withdraw_url": reverse("prospects:withdraw_criterion", args=place) if tick else "",
    }


def _own_evidence(subject: Prospect, criterion: Criterion) -> str:
    """What the card's own dates say for the criteria nobody ticks."""
    if criterion == Criterion.FIRST_MEETING_DATED and subject.first_meeting_on:
        return _("First meeting on %(day)s") % {"day": day_month(subject.first_meeting_on)}
    if criterion == Criterion.NEXT_STEP_AGREED and subject.next_step:
        return f"{subject.next_step} · {day_month(subject.next_step_on)}"
    return ""


def _classes(record: ProspectRecord) -> list[dict[str, Any]]:
    """Class by class, newest first: days at a stretch, and all stretches up to then together."""
    subject = record.prospect
    ended = subject.closed_on or today()
    together: dict[int, int] = {}
    rows = []
    oldest_first = list(reversed(record.changes))
    for change, later in zip_longest(oldest_first, oldest_first[1:]):
        is_last = later is None
        stretch = cycle.days_in(change.on, ended) if is_last else (later.days_in_from or 0) if later else 0
        together[change.to_stage] = together.get(change.to_stage, 0) + stretch
        stage = Stage(change.to_stage)
        rows.append(
            {
                "stage": stage,
                "on": change.on,
                "days": stretch if stage in OPEN_STAGES else "–",
                "days_in_all": together[change.to_stage] if stage in OPEN_STAGES else "–",
                "is_beyond": stage in OPEN_STAGES and is_last and record.is_beyond_norm,
                "how": ChangeKind(change.kind).label,
                "reason": change.reason,
                "missing": listed(Criterion(code).label for code in change.missing),
                "by": str(change.by) if change.by else _("by itself"),
            }
        )
    return rows[::-1]

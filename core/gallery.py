"""Every component in every state, on one page in both themes. There in debug runs only; nothing here is real."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path

from core import drawings

NOON = datetime(2026, 9, 14, 12, 5, tzinfo=ZoneInfo("Asia/Shanghai"))


@dataclass(frozen=True)
class Figure:
    """Somebody to draw."""

    pk: int
    name: str
    initials: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Letter:
    """A class as the stage badge takes it; the real ones belong to prospects, which core does not know."""

    name: str
    label: str


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="Name", help_text="As it stands on the contract.")
    email = forms.EmailField(label="Email")
    tier = forms.ChoiceField(label="Tier", choices=[("", "—"), ("1", "Key account"), ("2", "Target account")])
    due_on = forms.DateField(label="Next step on", widget=forms.DateInput(attrs={"type": "date"}))
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    shared = forms.BooleanField(label="Shared with the team", required=False)
    size = forms.ChoiceField(
        label="Size", choices=[("s", "Small"), ("l", "Large")], widget=forms.RadioSelect, required=False
    )


@login_not_required
def show(request: HttpRequest) -> HttpResponse:
    """The gallery."""
    return render(request, "core/gallery.html", _samples())


@login_not_required
def sheet(request: HttpRequest) -> HttpResponse:
    """A form in the side sheet: refused once, then saved."""
    form = SampleForm(request.POST or None)
    if form.is_valid():
        return HttpResponse(
            status=204, headers={"HX-Trigger": '{"sheet:close": true, "toast": {"message": "Saved.", "tone": "good"}}'}
        )
    return render(request, "core/gallery_sheet.html", {"form": form}, status=422 if form.errors else 200)


def _samples() -> dict[str, Any]:
    return {
        "title": "Gallery",
        "forms": {side: SampleForm(auto_id=f"{side}_%s") for side in ("light", "dark")},
        "refused": {side: _refused(f"{side}_refused_%s") for side in ("light", "dark")},
        "people": [Figure(n, name, initials) for n, (name, initials) in enumerate(NAMES)],
        "stages": [Letter(name, label) for name, label in STAGES],
        "amount": Decimal("1284500.00"),
        "day": date(2026, 9, 14),
        "moment": NOON,
        "tabs": [
            {"label": "Overview", "url": "#", "current": True, "count": None},
            {"label": "Prospects", "url": "#", "current": False, "count": 4},
            {"label": "History", "url": "#", "current": False, "count": None},
        ],
        "chips": [
            {"name": "Owner", "value": "李雷", "remove_url": "#"},
            {"name": "Tier", "value": "Key account", "remove_url": "#"},
        ],
        "columns": [{"label": "Account"}, {"label": "Owner"}, {"label": "Open pipeline", "number": True}],
        "rows": [
            ["华为技术有限公司", "李雷", "1,284,500.00"],
            ["Cancity", "Ana Berg", "42,000.00"],
            ["上海浦东发展银行股份有限公司", "韩梅梅", "0.00"],
        ],
        "weeks": drawings.columns(WEEKS),
        "ages": drawings.stack(AGES),
        "debtors": drawings.rows(DEBTORS),
        "dso": drawings.trend(DSO, norm=45),
        "dso_columns": [{"label": "Month"}, {"label": "Days", "number": True}],
    }


def _refused(auto_id: str) -> SampleForm:
    form = SampleForm({"name": "", "email": "not-an-address"}, auto_id=auto_id)
    form.is_valid()
    return form


NAMES = [
    ("李雷", "雷"), ("Ana Berg", "AB"), ("韩梅梅", "梅"), ("Tom Okafor", "TO"),
    ("王芳", "芳"), ("Sofia Lindqvist-Hernández", "SL"), ("赵敏", "敏"), ("Jo Chen", "JC"),
]  # fmt: skip
STAGES = [
    ("E", "Opportunity"), ("D", "First appointment"), ("C", "Met and willing"),
    ("B", "All five confirmed"), ("A", "Spoken agreement"), ("S", "Closed"),
]  # fmt: skip

WEEKS = [
    drawings.Column("Late", [("tone-bad", 180_000)], "¥180k", "#late", "Expected before today", is_loud=True),
    drawings.Column("W39", [("tone-good", 420_000), ("tone-muted", 60_000)], "¥480k", "#39", "21–27 September"),
    drawings.Column("W40", [("tone-good", 220_000), ("tone-muted", 160_000)], "¥380k", "#40", "28 September–4 October"),
    drawings.Column("W41", [], "", "#41", "5–11 October"),
    drawings.Column("W42", [("tone-good", 90_000), ("tone-muted", 540_000)], "¥630k", "#42", "12–18 October"),
]
AGES = [
    drawings.Part("Not due", 1_240_000, "¥1,240,000", "tone-muted", "#0"),
    drawings.Part("1–30 days", 380_000, "¥380,000", "grade-normal", "#30"),
    drawings.Part("31–90 days", 96_000, "¥96,000", "grade-doubtful", "#90"),
    drawings.Part("91–180 days", 41_000, "¥41,000", "grade-bad", "#180"),
    drawings.Part("over 180 days", 18_000, "¥18,000", "grade-dead", "#365"),
]
DEBTORS = [
    drawings.Part("华为技术有限公司", 620_000, "¥620,000", url="#1"),
    drawings.Part("上海浦东发展银行股份有限公司", 210_000, "¥210,000", "tone-warn", "#2"),
    drawings.Part("Cancity", 4_000, "¥4,000", "tone-muted", "#3"),
]
DSO = [
    drawings.Point(month, days, f"{days}" if days else "")
    for month, days in (("Apr", 61), ("May", 58), ("Jun", 63), ("Jul", None), ("Aug", 52), ("Sep", 47))
]

urlpatterns: list[URLPattern] = [path("", show, name="gallery"), path("sheet/", sheet, name="gallery_sheet")]

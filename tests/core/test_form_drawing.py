"""Fields of forms are drawn as Django's templates draw them, to the letter but for the empty lines between options."""

from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.conf import settings
from django.forms.renderers import DjangoTemplates
from django.template import Context, Template
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from core.form_drawing import DRAWN, FormRenderer

LABELS = [("", "–"), (1, "A & B <c>"), ("2", mark_safe("<b>3</b>")), (1234, 12345), (None, gettext_lazy("Team"))]
GROUPS = [("Other", "x"), ("North & South", [("n", "N"), ('s"', Decimal("1.50"))]), (7, [("d", date(2026, 11, 24))])]
ATTRS = {
    "class": 'a "b"',
    "required": True,
    "disabled": False,
    "data-n": 3,
    "title": gettext_lazy("Team"),
    "none": None,
}
FIELDS = [
    (forms.Select(ATTRS, LABELS), "2"),
    (forms.Select({}, LABELS), None),
    (forms.Select(ATTRS, GROUPS), 's"'),
    (forms.SelectMultiple({}, GROUPS), ["n", "d"]),
    (forms.NullBooleanSelect(), True),
    (forms.Textarea(ATTRS), "\na < b\n"),
    (forms.Textarea(), None),
    (forms.TextInput(ATTRS), '"quoted"'),
    (forms.TextInput(), mark_safe("&amp;")),
    (forms.NumberInput({"step": "0.01"}), Decimal("1234.5")),
    (forms.NumberInput(), 0),
    (forms.EmailInput(), None),
    (forms.URLInput(), "https://example.com/?a=1&b=2"),
    (forms.PasswordInput(), "secret"),
    (forms.HiddenInput(), 7),
    (forms.DateInput({"type": "date"}, format="%Y-%m-%d"), date(2026, 11, 24)),
    (forms.TimeInput(format="%H:%M"), "09:30"),
    (forms.CheckboxInput(ATTRS), True),
    (forms.CheckboxInput(), "a value"),
    (forms.RadioSelect({}, LABELS), "2"),
    (forms.CheckboxSelectMultiple({}, GROUPS), ["n"]),
    (forms.ClearableFileInput(), None),
]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize(("widget", "value"), FIELDS)
def test_a_field_looks_as_django_draws_it(widget, value, language):
    with translation.override(language):
        drawn = [
            widget.render("the name", value, {"id": "id_name"}, renderer=renderer())
            for renderer in (FormRenderer, DjangoTemplates)
        ]
    assert drawn[0] == drawn[1].replace("</option>\n", "</option>")


def test_an_option_of_its_own_keeps_its_template():
    class Stars(forms.Select):
        option_template_name = "django/forms/widgets/input_option.html"

    widget = Stars({}, LABELS)
    assert widget.render("stars", "2", renderer=FormRenderer()) == widget.render(
        "stars", "2", renderer=DjangoTemplates()
    )


def test_forms_are_drawn_so():
    class Asked(forms.Form):
        owner = forms.ChoiceField(choices=[(number, f"Owner {number}") for number in range(200)])

    assert settings.FORM_RENDERER == "core.form_drawing.FormRenderer"
    assert len(DRAWN) == 15
    assert Template("{{ form.owner }}").render(Context({"form": Asked()})).count("<option") == 200

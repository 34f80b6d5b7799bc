"""The markup of a card. Not a template: a board draws three hundred cards of twenty values, and Django's templates take
5 µs for each value where this takes half of one; what a card looks like stands here all the same, as HTML, once.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import NamedTuple

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.templatetags.core import icon

register = template.Library()

CARD = (
    '<li class="prospect-card%(kind)s" data-id="%(id)s" data-version="%(version)s">'
    '<a class="prospect-card-name" href="%(url)s">%(name)s</a>'
    '<button type="button" class="prospect-card-menu" popovertarget="card-menu" aria-label="%(menu_label)s"></button>'
    "%(account)s"
    '<div class="prospect-card-line">%(amount)s%(contact)s'
    '<span class="avatar avatar-%(owner_tone)s end" role="img" title="%(owner_name)s">%(owner_initials)s</span></div>'
    "%(rest)s</li>\n"
)
ACCOUNT = '<span class="prospect-card-account">%s</span>'
AMOUNT = '<span class="prospect-card-amount">%s</span>'
NO_AMOUNT = '<span class="muted">%s</span>'
CONTACT = '<span class="interval interval-%s end" role="img" title="%s">%s</span>'
CLOSED = '<div class="prospect-card-line muted">%s</div>'
OPEN = '<div class="prospect-card-line"><span class="class-age%s" title="%s">%s</span>%s</div>%s%s'
DOTS = '<span class="criteria-dots" role="img" title="%s">%s</span>'
DOT = {True: '<i class="criteria-dot criteria-dot-met"></i>', False: '<i class="criteria-dot"></i>'}
MARK = '<span class="%s" role="img" title="%s">%s</span>'
SLIPPING = '<span class="slipping">%s</span>'
STEP = (
    '<button type="button" class="next-step%s"%s>'
    '<span class="next-step-what">%s</span><span class="next-step-on">%s</span></button>'
)
NO_STEP = '<button type="button" class="next-step next-step-%s"%s>%s%s</button>'


class Face(NamedTuple):
    """Everything a card says, as ready text (`prospects.views.faces`)."""

    id: int
    version: int
    url: str
    name: str
    menu_label: str
    account: str
    amount: str
    owner_tone: int
    owner_name: str
    owner_initials: str
    is_closed: bool
    closed_text: str
    age: str
    age_mark: str
    clocks: str
    dots: tuple[bool, ...]
    missing_text: str
    review_due: bool
    contact_days: int | None
    interval: str
    interval_text: str
    overridden: str
    slipping: str
    plan: str
    next_step: str
    next_text: str


@register.simple_tag
def prospect_cards(faces: Iterable[Face], may_edit: bool) -> SafeString:
    """The cards of a column: `{% prospect_cards cards may_edit %}`. Every text on them is escaped here."""
    said = {
        "disabled": "" if may_edit else " disabled",
        "no_amount": NO_AMOUNT % escape(_("no amount")),
        "nothing_planned": escape(_("Nothing planned")),
        "none_icon": icon("calendar-off"),
        "override_icon": icon("alert-triangle"),
        "review_due": MARK % ("review-due end", escape(_("Review due")), icon("eye-exclamation")),
    }
    return SafeString("".join([_card(face, said) for face in faces]))


def _card(face: Face, said: dict[str, str]) -> str:
    return CARD % {
        "kind": " prospect-card-closed"
        if face.is_closed
        else " prospect-card-unplanned"
        if face.plan == "none"
        else "",
        "id": face.id,
        "version": face.version,
        "url": face.url,
        "name": escape(face.name),
        "menu_label": escape(face.menu_label),
        "account": ACCOUNT % escape(face.account) if face.account else "",
        "amount": AMOUNT % escape(face.amount) if face.amount else said["no_amount"],
        "contact": ""
        if face.contact_days is None
        else CONTACT % (face.interval, escape(face.interval_text), face.contact_days),
        "owner_tone": face.owner_tone,
        "owner_name": escape(face.owner_name),
        "owner_initials": escape(face.owner_initials),
        "rest": CLOSED % escape(face.closed_text) if face.is_closed else _open(face, said),
    }


def _open(face: Face, said: dict[str, str]) -> str:
    marks = DOTS % (escape(face.missing_text), "".join([DOT[met] for met in face.dots])) if face.dots else ""
    if face.overridden:
        marks += MARK % ("override-mark", escape(face.overridden), said["override_icon"])
    if face.review_due:
        marks += said["review_due"]
    return OPEN % (
        f" class-age-{face.age_mark}" if face.age_mark else "",
        escape(face.clocks),
        escape(face.age),
        marks,
        SLIPPING % escape(face.slipping) if face.slipping else "",
        _step(face, said),
    )


def _step(face: Face, said: dict[str, str]) -> str:
    if face.plan in {"none", "none-mild"}:
        kind = "none" if face.plan == "none" else "none next-step-none-mild"
        return NO_STEP % (kind, said["disabled"], said["none_icon"], said["nothing_planned"])
    kind = "" if face.plan == "ahead" else f" next-step-{face.plan}"
    return STEP % (kind, said["disabled"], escape(face.next_step), escape(face.next_text))

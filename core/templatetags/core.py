"""Tags and filters every template may use: rights, amounts, one-time forms, icons."""

import uuid
from decimal import Decimal

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.idempotency import FIELD
from core.money import format_money
from core.permissions import allowed
from core.users import Actor

register = template.Library()


@register.filter
def may(user: Actor, verb: str) -> bool:
    """Whether the user's role has the verb: `{% if request.user|may:"prospects.move" %}`."""
    return allowed(user, verb)


@register.filter
def money(amount: Decimal | None, currency: str) -> str:
    """An amount with its currency: `{{ prospect.amount|money:prospect.currency }}`."""
    return format_money(amount, currency)


@register.filter
def money_short(amount: Decimal | None, currency: str) -> str:
    """The same without cents, where room is short."""
    return format_money(amount, currency, cents=False)


@register.simple_tag
def once() -> SafeString:
    """A hidden field that makes a form's POST happen once, however often it is sent."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, uuid.uuid4())

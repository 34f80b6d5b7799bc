"""Tags and filters every template may use: rights, amounts, one-time forms, icons."""

import uuid
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.idempotency import FIELD
from core.money import compact_money, format_money
from core.navigation import address_of, url_of
from core.permissions import allowed
from core.users import Actor
from core.words import listed

register = template.Library()

register.filter(listed)  # {{ reasons|listed }}
register.simple_tag(url_of)  # `{% url_of view pk %}` is `{% url view pk %}` for loops


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


@register.filter
def money_compact(amount: Decimal | None, currency: str) -> str:
    """The same in few letters, for sums: ¥12.4m, ¥1,240万."""
    return compact_money(amount, currency)


@register.simple_tag
def once() -> SafeString:
    """A hidden field that makes a form's POST happen once, however often it is sent."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, uuid.uuid4())


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """A drawing beside a word: `{% icon "plus" %}`; size `sm` or `lg`. The sprite holds every name a template writes."""
    return _drawing(name, size)


@lru_cache(maxsize=500)
def _drawing(name: str, size: str) -> SafeString:
    size_class = f"icon icon-{size}" if size else "icon"
    return format_html(
        '<svg class="{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        size_class,
        static("dist/icons.svg"),
        name,
    )


@register.filter
def tone_of(pk: int | None) -> int:
    """One of the eight quiet colours of an avatar, always the same for the same person."""
    return (pk or 0) % 8


@register.inclusion_tag("core/_nav_item.html", takes_context=True)
def nav_item(context: template.Context, view: str, *, icon: str, label: str, key: str = "") -> dict[str, Any]:
    """One line of the navigation; nothing where the page does not exist."""
    return {**_place(context, view), "icon": icon, "label": label, "key": key}


@register.inclusion_tag("core/_bottom_item.html", takes_context=True)
def bottom_item(context: template.Context, view: str, *, icon: str, label: str) -> dict[str, Any]:
    """The same for the phone's bar."""
    return {**_place(context, view), "icon": icon, "label": label}


@register.inclusion_tag("core/_menu_item.html", takes_context=True)
def menu_item(context: template.Context, view: str, *, icon: str, label: str) -> dict[str, Any]:
    """The same in a menu, where a phone finds what its bar has no room for."""
    return {**_place(context, view), "icon": icon, "label": label}


def _place(context: template.Context, view: str) -> dict[str, Any]:
    return {"url": address_of(view), "current": context["section"] == view}

"""The side menu of the settings pages."""

from typing import Any

from django import template

from core.settings_menu import menu

register = template.Library()


@register.inclusion_tag("core/_settings_menu.html", takes_context=True)
def settings_menu(context: template.Context) -> dict[str, Any]:
    """The menu as this person sees it, the open page marked."""
    request = context["request"]
    return {"groups": menu(request.user, request.path)}

"""What every page's frame needs to know."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from core.navigation import section_of


def shell(request: HttpRequest) -> dict[str, Any]:
    """For the page layout: company name, theme, the entry of the navigation that is open, whether this is a debug run."""
    user = getattr(request, "user", None)
    theme = user.theme if user is not None and user.is_authenticated else request.COOKIES.get("theme", "system")
    return {
        "company_name": settings.COMPANY_NAME,
        "theme": theme,
        "section": section_of(request.path),
        "debug": settings.DEBUG,
    }

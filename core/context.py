"""What every page's frame needs to know."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, Any]:
    """Company name, theme and whether this is a debug run, for the page layout."""
    user = getattr(request, "user", None)
    theme = user.theme if user is not None and user.is_authenticated else request.COOKIES.get("theme", "system")
    return {"company_name": settings.COMPANY_NAME, "theme": theme, "debug": settings.DEBUG}

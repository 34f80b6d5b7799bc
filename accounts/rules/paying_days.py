"""C5: the days of the month on which a customer pays."""

import re

from django.utils.translation import gettext as _

from core.errors import DomainError


def read(text: str) -> list[int]:
    """Days out of “10, 25” or “每月10日、25日”, sorted, each once. Empty text means any day."""
    return require_valid([int(figures) for figures in re.findall(r"\d+", text)])


def require_valid(days: list[int]) -> list[int]:
    """Sorted days of the month, each once; DomainError for one outside 1–31."""
    wrong = [day for day in days if not 1 <= day <= 31]
    if wrong:
        raise DomainError(
            _("Paying days are days of the month, 1 to 31; %(day)s is not one.") % {"day": wrong[0]},
            field="paying_days",
        )
    return sorted(set(days))

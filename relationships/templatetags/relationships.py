"""Words of people: their roles as badges, the letters of an avatar."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.models.user import initials_of
from relationships.choices import ContactRole

register = template.Library()

TONES = {ContactRole.COACH: "good", ContactRole.OPPONENT: "bad", ContactRole.DECIDER: "accent"}


@register.simple_tag
def role_badge(role: str) -> SafeString:
    """A role of R2; a coach, an opponent and who decides are set apart by colour as well as by word."""
    tone = TONES.get(ContactRole(role), "") if role in ContactRole.values else ""
    label = ContactRole(role).label if role in ContactRole.values else role
    return format_html('<span class="badge{}">{}</span>', f" badge-{tone}" if tone else "", label)


@register.filter
def initials(name: str) -> str:
    """What an avatar shows: 李雷 → 雷, Ana Berg → AB."""
    return initials_of(name)

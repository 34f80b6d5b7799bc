"""Entries as a calendar program reads them (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from icalendar import Calendar, Event, vDuration

from desk.feed.queries import Entry

EVERY = timedelta(hours=1)
"""How often a calendar program is asked to look again."""


def calendar_of(name: str, entries: Iterable[Entry]) -> bytes:
    """The calendar file. The same entries make the same bytes, so that a reader can be told that nothing is new."""
    calendar = Calendar()
    calendar.add("prodid", "-//Keyline//Calendar feed//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", settings.TIME_ZONE)
    calendar.add("refresh-interval", vDuration(EVERY), parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", vDuration(EVERY))
    for entry in entries:
        calendar.add_component(_event(entry))
    return bytes(calendar.to_ical())


def _event(entry: Entry) -> Event:
    event = Event()
    event.add("uid", f"{entry.uid}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("sequence", entry.version)
    event.add("dtstamp", entry.changed_at.astimezone(UTC))
    event.add("last-modified", entry.changed_at.astimezone(UTC))
    if isinstance(entry.start, datetime):
        event.add("dtstart", entry.start.astimezone(UTC))
        event.add("dtend", entry.start.astimezone(UTC) + timedelta(minutes=entry.minutes))
        event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    else:
        event.add("dtstart", entry.start)
        event.add("dtend", entry.start + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
    event.add("summary", _("Called off: %(title)s") % {"title": entry.title} if entry.is_cancelled else entry.title)
    if entry.place:
        event.add("location", entry.place)
    url = f"{settings.SITE_URL}{entry.path}"
    brief = (f"{pgettext('of a visit', 'Brief')}: {settings.SITE_URL}{entry.brief_path}",) if entry.brief_path else ()
    event.add("description", "\n".join((*entry.notes, *brief, url)))
    event.add("url", url)
    event.add("class", "PRIVATE")
    return event

"""A rule that finds what the test says, and a channel that keeps what was sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import pytest

from reminders import channels, registry
from reminders.channels import Outgoing
from reminders.choices import Channel
from reminders.registry import CLIMBS, Facts, Look, ReminderRule

CODE = "test.call"
MONDAY_NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""Monday, 2 March 2026, nine in the morning in Shanghai."""


@dataclass
class Truth:
    """What is so: a list of (whom, about which record, on which day)."""

    facts: list[tuple[int, int, date]] = field(default_factory=list)
    broken: bool = False

    def find(self, look: Look) -> Facts:
        if self.broken:
            return Facts("select nonsense", ())
        rows = [row for row in self.facts if row[2] <= look.until]
        return Facts(
            "select who, about, about || ':' || day, day, null, null, null, jsonb_build_object('name', 'Nr ' || about)"
            " from unnest(%s::bigint[], %s::bigint[], %s::date[]) as said (who, about, day)",
            [[row[place] for row in rows] for place in range(3)],
        )


@pytest.fixture
def truth(monkeypatch: pytest.MonkeyPatch) -> Truth:
    """The facts of the one rule there is. Change its list and plan again."""
    said = Truth()
    asked = registry.RULES["reminders.asked"]
    monkeypatch.setattr(registry, "RULES", registry.RULES)
    for code in list(registry.RULES):
        monkeypatch.delitem(registry.RULES, code)
    monkeypatch.setitem(registry.RULES, "reminders.asked", asked)
    declare(monkeypatch, said.find)
    return said


def declare(monkeypatch: pytest.MonkeyPatch, find: Any, **changes: Any) -> ReminderRule:
    """Declare the test's rule, perhaps with something changed."""
    rule = ReminderRule(
        CODE, "Call them", "Call {name}", "You asked for it.", find, **({"escalation": CLIMBS} | changes)
    )
    monkeypatch.setitem(registry.RULES, CODE, rule)
    return rule


@dataclass
class Post:
    """What a channel was given, and what it does with the next messages."""

    sent: list[Outgoing] = field(default_factory=list)
    fails: list[Exception] = field(default_factory=list)

    def send(self, message: Outgoing) -> None:
        if self.fails:
            raise self.fails.pop(0)
        self.sent.append(message)


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Post:
    """Mail is the only channel beside the bell, and this is its sender."""
    kept = Post()
    for channel in list(channels.SENDERS):
        monkeypatch.delitem(channels.SENDERS, channel)
    monkeypatch.setitem(channels.SENDERS, Channel.EMAIL, kept.send)
    return kept

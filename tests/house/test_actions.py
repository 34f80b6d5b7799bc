"""Every action asks for its right and leaves an event; whoever writes one without is told here."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = [
    path
    for package in (
        "accounts",
        "relationships",
        "prospects",
        "reminders",
        "core",
        "collections/receivables",
        "collections/dunning",
    )
    for path in sorted((ROOT / package).rglob("*.py"))
    if "actions" in (path.stem, path.parent.name)
]
OWN = {
    "edit_profile", "add_token", "revoke_token", "end_other_sessions", "mark_read", "make_calendar_feed", "revoke_calendar_feed",
}  # fmt: skip
"""About oneself: nobody needs a right for it."""
SILENT = {
    "bring_file": "a file on the desk is not an import yet",
    "discard_import": "nothing was written, nothing is lost",
    "align_teams": "rows follow their owner, whose move left the event",
    "read_import": "looks into the file; nothing is decided yet",
    "request_reading": "the same, by a worker",
    "choose_target": "a choice on the way; the import itself leaves the event",
    "map_import": "a choice on the way; the import itself leaves the event",
    "request_check": "a check writes nothing",
    "request_run": "the import itself leaves the event when it is done",
    "fold_sums": "the sums stay what they are, in fewer rows",
    "sum_anew": "the sums are those of the invoices, whose changes left the events",
    "claim_case": "a lease of some minutes; the call leaves the event",
    "claim_next": "the same, of whoever comes next",
    "release_case": "a lease given back",
    "refresh_cases": "cases follow the ledger, whose changes left the events",
    "count_answers": "a count of what the calls have told",
    "count_broken_promises": "a count of what judging them has told",
    "follow_record": "whoever wants to be told; nothing of the record changes",
    "mark_read": "the bell was opened; nothing is decided",
    "tap_counter": "a count of one's own day, that says nothing of a customer",
    "take_back_tap": "the same, taken back",
    "plan": "the occurrences are the trail",
    "forget_old": "what has been over for more than a year",
}
"""Actions that change no business fact, and why each leaves no event."""

Functions = dict[str, tuple[ast.FunctionDef, str]]


def functions() -> Functions:
    """Every function of every actions file: node and file."""
    found: Functions = {}
    for path in FILES:
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef):
                found[f"{path.relative_to(ROOT).parts[0]}:{path.relative_to(ROOT)}:{node.name}"] = (node, node.name)
    return found


ALL = functions()
ACTIONS = {
    key: node
    for key, (node, name) in ALL.items()
    if not name.startswith("_") and any(argument.arg == "by" for argument in node.args.kwonlyargs)
}


def called(node: ast.FunctionDef) -> set[str]:
    """The names a function calls: `record` for `audit.record(…)`."""
    calls = [call.func for call in ast.walk(node) if isinstance(call, ast.Call)]
    return {call.attr if isinstance(call, ast.Attribute) else getattr(call, "id", "") for call in calls}


def reaches(node: ast.FunctionDef, goal: str, package: str, seen: frozenset[str] = frozenset()) -> bool:
    """Whether a function calls `goal`, itself or through others of its package's actions."""
    names = called(node)
    if goal in names:
        return True
    others = [
        (key, other) for key, (other, name) in ALL.items() if name in names - seen and key.startswith(f"{package}:")
    ]
    return any(reaches(other, goal, package, seen | names) for _key, other in others)


@pytest.mark.parametrize("key", sorted(ACTIONS))
def test_an_action_leaves_an_event(key: str) -> None:
    node = ACTIONS[key]
    if node.name not in SILENT:
        assert reaches(node, "record", key.partition(":")[0])


@pytest.mark.parametrize("key", sorted(ACTIONS))
def test_an_action_asks_for_its_right(key: str) -> None:
    node = ACTIONS[key]
    if node.name not in OWN:
        assert reaches(node, "require", key.partition(":")[0])


@pytest.mark.parametrize("key", sorted(ACTIONS))
def test_an_action_says_its_effect(key: str) -> None:
    assert ast.get_docstring(ACTIONS[key])

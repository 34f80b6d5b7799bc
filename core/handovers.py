"""What goes along when a record is given to another owner: an app says so without the app below knowing it.

    goes_along("accounts.account", transfer_open_prospects)

in its `ready()`. It is run inside the action's own transaction, before the record itself moves and thereby perhaps leaves
the sight of the one who gives it: all of it is handed over, or nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING

from django.db.models import Model

if TYPE_CHECKING:
    from core.models import User
    from core.users import Actor

    Follower = Callable[..., object]

_FOLLOWERS: dict[str, list[Follower]] = defaultdict(list)


def goes_along(label: str, follower: Follower) -> None:
    """Call `follower(by=…, record=…, former=…, owner=…)` when a record of this kind is handed over with all that is his."""
    if follower not in _FOLLOWERS[label]:
        _FOLLOWERS[label].append(follower)


def hand_along(record: Model, *, by: Actor, former: User, owner: User) -> None:
    """Hand over what hangs on the record and is the former owner's."""
    for follower in _FOLLOWERS[record._meta.label_lower]:
        follower(by=by, record=record, former=former, owner=owner)

"""Cases, calls and promises, one by one. The user comes first; what he may not see does not exist."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, QuerySet

from accounts.queries import get_account
from core.errors import NotFound
from core.models import Role, User
from core.users import Actor
from dunning.models import Case, CollectionCall, Promise
from receivables.models.base import OfAccountQuerySet

M = TypeVar("M", bound=Model)


def visible_cases(by: Actor) -> OfAccountQuerySet[Case]:
    """The collecting files of accounts this person sees."""
    return Case.objects.visible_to(by)


def visible_calls(by: Actor) -> OfAccountQuerySet[CollectionCall]:
    """Collection calls to accounts this person sees."""
    return CollectionCall.objects.visible_to(by)


def visible_promises(by: Actor) -> OfAccountQuerySet[Promise]:
    """Promises of accounts this person sees."""
    return Promise.objects.visible_to(by)


def get_case(by: Actor, account_id: int, *, lock: bool = False) -> Case:
    """The collecting file of an account the person sees. NotFound for any other account.

    A customer who never owed anything overdue has none yet: he gets it when it is locked for a change, and a blank one,
    not stored, when it is only looked at.
    """
    case = _find_case(by, account_id, lock=lock)
    if case is None:
        account = get_account(by, account_id)
        if not lock:
            return Case(account=account)
        Case.objects.get_or_create(account=account)
        case = _find_case(by, account_id, lock=lock)
    if case is None:
        raise NotFound
    return case


def _find_case(by: Actor, account_id: int, *, lock: bool) -> Case | None:
    rows = visible_cases(by)
    rows = rows.select_for_update(no_key=True, of=("self",)) if lock else rows
    found: Case | None = (
        rows.select_related("account__owner", "collector", "claimed_by").filter(account=account_id).first()
    )
    return found


def get_call(by: Actor, call_id: int) -> CollectionCall:
    """One call with its account."""
    return _one(visible_calls(by).select_related("account", "by", "contact"), call_id)


def get_promise(by: Actor, promise_id: int, *, lock: bool = False) -> Promise:
    """One promise with its account."""
    rows = visible_promises(by)
    rows = rows.select_for_update(no_key=True, of=("self",)) if lock else rows
    return _one(rows.select_related("account", "by", "contact"), promise_id)


def possible_collectors() -> QuerySet[User]:
    """Who may collect: finance and sales managers."""
    people = User.objects.filter(is_active=True, role__in=[Role.FINANCE, Role.MANAGER])
    return people.order_by("full_name", "id")


def _one(rows: QuerySet[M, M], pk: int) -> M:
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found

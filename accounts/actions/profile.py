"""The account itself: adding it, editing its profile and how it pays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import events
from accounts.choices import DevelopmentStage, MemberRole
from accounts.models import Account, AccountChannel, AccountMember, DevelopmentStageChange
from accounts.queries import account_channels, chain_of_parents, get_account, similar_accounts
from accounts.rules import credit_code as credit_codes
from accounts.rules import paying_days
from core import audit
from core.changes import apply_changes, check_version
from core.channels import as_rows, clean_channels, in_words
from core.errors import DomainError
from core.models import User
from core.permissions import allowed, require
from core.search import search_columns
from core.tags import clean_tags
from core.users import Actor, as_row

PROFILE_FIELDS = (
    "name", "short_name", "english_name", "code", "credit_code", "ownership", "kind", "industry", "region", "city",
    "address", "website", "size", "employees", "founded_in", "annual_revenue", "revenue_currency", "parent", "tier",
    "tags", "description",
)  # fmt: skip
PAYMENT_FIELDS = (
    "payment_method", "payment_terms_days", "paying_days", "payment_procedure", "bank_name", "bank_account",
    "credit_standing",
)  # fmt: skip
SEARCHED = ("name", "short_name", "english_name", "code", "credit_code")


@transaction.atomic
def add_account(
    *,
    by: Actor,
    owner: User | None = None,
    development_stage: int = DevelopmentStage.SCAN,
    channels: Iterable[dict[str, str]] = (),
    **profile: Any,
) -> Account:
    """Open an account. It belongs to who adds it; to somebody else only if the adder may transfer accounts.

    Raises DomainError for a wrong or already used credit code or code. A similar name is no reason to refuse.
    """
    require(by, "accounts.add")
    values = _clean(by, profile, PROFILE_FIELDS)
    owner = _first_owner(by, owner)
    account = Account(
        owner=owner, team=owner.team, created_by=as_row(by), development_stage=development_stage, **values
    )
    _refuse_codes_in_use(by, account)
    _index(account)
    with _refusing_taken_codes():
        account.save()
    AccountMember.objects.create(account=account, user=owner, role=MemberRole.OWNER)
    DevelopmentStageChange.objects.create(account=account, to_stage=development_stage, by=as_row(by), at=timezone.now())
    AccountChannel.objects.bulk_create(AccountChannel(account=account, **row) for row in clean_channels(channels))
    audit.record(events.ACCOUNT_ADDED, by=by, on=account, account_id=account.pk, name=account.name, owner=str(owner))
    return account


@transaction.atomic
def edit_account(
    *,
    by: Actor,
    account_id: int,
    version: int | None = None,
    channels: Iterable[dict[str, str]] | None = None,
    **profile: Any,
) -> Account:
    """Change the profile; fields not given stay. Conflict (409) when `version` is no longer the account's."""
    require(by, "accounts.edit")
    account = get_account(by, account_id, lock=True)
    yours = profile if channels is None else {**profile, "channels": list(channels)}
    check_version(account, version, yours)
    values = _clean(by, profile, PROFILE_FIELDS)
    rows = None if channels is None else clean_channels(channels)
    _refuse_a_circle(account, values.get("parent"))
    shadow = {name: values.get(name, getattr(account, name)) for name in SEARCHED}
    _refuse_codes_in_use(by, Account(pk=account.pk, **shadow))
    before, after = _apply(account, values)
    _replace_channels(account, rows, before, after)
    if after:
        audit.record(
            events.ACCOUNT_EDITED,
            by=by,
            on=account,
            account_id=account.pk,
            before=before,
            after=after,
            name=account.name,
        )
    return account


@transaction.atomic
def edit_payment_profile(*, by: Actor, account_id: int, version: int | None = None, **values: Any) -> Account:
    """Change how the account pays (C5); finance may too. Conflict (409) when `version` is no longer the account's."""
    require(by, "accounts.edit_payment_profile")
    account = get_account(by, account_id, lock=True)
    check_version(account, version, values)
    values = _clean(by, values, PAYMENT_FIELDS)
    before, after = apply_changes(account, values)
    if after:
        audit.record(
            events.PAYMENT_PROFILE_EDITED,
            by=by, on=account, account_id=account.pk, before=_veiled(before), after=_veiled(after), name=account.name,
        )  # fmt: skip
    return account


# ------------------------------------------------------------------ what both need


def _first_owner(by: Actor, owner: User | None) -> User:
    """Who owns a new account. The program itself must name somebody."""
    if owner is None:
        owner = as_row(by)
    if owner is None:
        raise DomainError(_("Say who owns the account."), field="owner")
    if not owner.is_active:
        raise DomainError(_("%(name)s no longer works here.") % {"name": owner}, field="owner")
    if owner.pk != by.pk and not allowed(by, "accounts.transfer"):
        raise DomainError(_("You can add accounts for yourself only."), field="owner")
    return owner


def _clean(by: Actor, values: dict[str, Any], known: tuple[str, ...]) -> dict[str, Any]:
    """The values as they are stored; an unknown name is our mistake and raises."""
    if strangers := set(values) - set(known):
        raise TypeError(f"not fields of an account: {', '.join(sorted(strangers))}")
    values = {name: " ".join(value.split()) if name in SEARCHED else value for name, value in values.items()}
    if "name" in values and not values["name"]:
        raise DomainError(_("An account needs a name."), field="name")
    if "credit_code" in values:
        values["credit_code"] = credit_codes.require_valid(values["credit_code"])
    if "paying_days" in values:
        values["paying_days"] = paying_days.require_valid(list(values["paying_days"]))
    if "tags" in values:
        values["tags"] = clean_tags(values["tags"])
    if parent := values.get("parent"):
        get_account(by, parent.pk)
    return values


def _refuse_a_circle(account: Account, parent: Account | None) -> None:
    if parent and account.pk in chain_of_parents(parent):
        raise DomainError(_("%(name)s stands below this account already.") % {"name": parent}, field="parent")


def _refuse_codes_in_use(by: Actor, account: Account) -> None:
    """A code or credit code names one account only; the refusal says whose that is, in the words scope allows."""
    others = Account.objects.exclude(pk=account.pk)
    for name in ("credit_code", "code"):
        value = getattr(account, name)
        if value and others.filter(**{name: value}).exists():
            raise DomainError(_whose(by, account), field=name, code="duplicate")


def _whose(by: Actor, account: Account) -> str:
    similar = similar_accounts(by, credit_code=account.credit_code, but=account.pk or 0)
    if similar.known:
        return _("%(name)s has this code already.") % {"name": similar.known[0].name}
    if similar.elsewhere:
        return _("An account of %(owner)s has this code already. Ask there before you add it.") % {
            "owner": similar.elsewhere[0].owner
        }
    return _("Another account has this code already.")


@contextmanager
def _refusing_taken_codes() -> Iterator[None]:
    """Two people giving the same code in the same second get the same sentence as everybody."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        taken = next((name for name in ("credit_code", "code") if f"account_{name}_once" in str(error)), "")
        if not taken:
            raise
        raise DomainError(_("Another account has this code already."), field=taken, code="duplicate") from error


def _apply(account: Account, values: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    with _refusing_taken_codes():
        before, after = apply_changes(account, values)
    if not set(after).isdisjoint(SEARCHED):
        account.save(update_fields=_index(account))
    return before, after


def _index(account: Account) -> list[str]:
    """Set what search looks at; the names of those columns."""
    columns = search_columns(*(getattr(account, field) for field in SEARCHED))
    for name, value in columns.items():
        setattr(account, name, value)
    return list(columns)


def _replace_channels(
    account: Account, rows: list[dict[str, str]] | None, before: dict[str, Any], after: dict[str, Any]
) -> None:
    """Put `rows` in place of the stored channels if they differ, and note it in before/after."""
    old = as_rows(account_channels(account)) if rows is not None else None
    if rows is None or rows == old:
        return
    account.channels.all().delete()
    AccountChannel.objects.bulk_create(AccountChannel(account=account, **row) for row in rows)
    if not after:
        account.version += 1
        account.save(update_fields=["version", "updated_at"])
    before["channels"], after["channels"] = in_words(old or []), in_words(rows)


def _veiled(values: dict[str, Any]) -> dict[str, Any]:
    """The trail shows the last four figures of a bank account only."""
    number = values.get("bank_account")
    return {**values, "bank_account": f"…{number[-4:]}"} if number else values

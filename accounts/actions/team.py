"""Who looks after an account (K14)."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import events
from accounts.choices import MemberRole
from accounts.models import Account, AccountMember
from accounts.queries import get_account, get_member
from core import audit
from core.changes import apply_changes, check_version
from core.errors import DomainError, NotAllowed
from core.handovers import hand_along
from core.models import User
from core.permissions import allowed, require
from core.users import Actor


@transaction.atomic
def transfer_account(
    *,
    by: Actor,
    account_id: int,
    owner: User,
    keep_former: bool = True,
    with_records: bool = False,
    reason: str = "",
    version: int | None = None,
) -> Account:
    """Give the account to another owner and his team. The former owner stays on the team unless told otherwise.

    `with_records` hands over what is his at this account too: open prospects, contacts, planned visits (core.handovers),
    or refuses all.
    """
    require(by, "accounts.transfer")
    account = get_account(by, account_id, lock=True)
    check_version(account, version)
    former = account.owner
    if owner.pk == former.pk:
        raise DomainError(_("%(name)s owns this account already.") % {"name": owner}, field="owner")
    if not owner.is_active:
        raise DomainError(_("%(name)s no longer works here.") % {"name": owner}, field="owner")
    if with_records:
        hand_along(account, by=by, former=former, owner=owner)
    members = AccountMember.objects.filter(account=account)
    if keep_former:
        members.filter(user=former).update(role=MemberRole.SALES)
    else:
        members.filter(user=former).delete()
    AccountMember.objects.update_or_create(account=account, user=owner, defaults={"role": MemberRole.OWNER})
    before, after = apply_changes(account, {"owner": owner, "team": owner.team})
    audit.record(
        events.ACCOUNT_TRANSFERRED,
        by=by, on=account, account_id=account.pk, before=before, after=after,
        name=account.name, from_owner=str(former), to_owner=str(owner), reason=reason.strip(),
    )  # fmt: skip
    return account


@transaction.atomic
def add_member(*, by: Actor, account_id: int, user: User, role: str) -> AccountMember:
    """Put a colleague on the account's team; from now on he sees the account."""
    account = _team_to_change(by, account_id)
    _require_role(role)
    if not user.is_active:
        raise DomainError(_("%(name)s no longer works here.") % {"name": user}, field="user")
    member, added = AccountMember.objects.get_or_create(account=account, user=user, defaults={"role": role})
    if not added:
        raise DomainError(_("%(name)s is on the team already.") % {"name": user}, field="user")
    audit.record(events.MEMBER_ADDED, by=by, on=account, account_id=account.pk, after={"role": role}, member=str(user))
    return member


@transaction.atomic
def change_member_role(*, by: Actor, account_id: int, member_id: int, role: str) -> AccountMember:
    """Give a member another role. The owner's role changes by transferring the account."""
    account = _team_to_change(by, account_id)
    member = get_member(by, account_id, member_id)
    _require_role(role)
    _refuse_owner(account, member)
    before, member.role = member.role, role
    if before != role:
        member.save(update_fields=["role"])
        audit.record(
            events.MEMBER_ROLE_CHANGED,
            by=by, on=account, account_id=account.pk, before={"role": before}, after={"role": role},
            member=str(member.user),
        )  # fmt: skip
    return member


@transaction.atomic
def remove_member(*, by: Actor, account_id: int, member_id: int) -> None:
    """Take a colleague off the team; unless his own team owns the account he no longer sees it."""
    account = _team_to_change(by, account_id)
    member = get_member(by, account_id, member_id)
    _refuse_owner(account, member)
    audit.record(
        events.MEMBER_REMOVED,
        by=by, on=account, account_id=account.pk, before={"role": member.role}, member=str(member.user),
    )  # fmt: skip
    member.delete()


def may_manage_team(by: Actor, account: Account) -> bool:
    """The owner, or somebody who may transfer accounts."""
    return allowed(by, "accounts.manage_team") and (by.pk == account.owner_id or allowed(by, "accounts.transfer"))


def _team_to_change(by: Actor, account_id: int) -> Account:
    require(by, "accounts.manage_team")
    account = get_account(by, account_id, lock=True)
    if not may_manage_team(by, account):
        raise NotAllowed("accounts.manage_team")
    return account


def _require_role(role: str) -> None:
    if role == MemberRole.OWNER:
        raise DomainError(_("To change the owner, transfer the account."), field="role")
    if role not in MemberRole.values:
        raise DomainError(_("Choose a role."), field="role")


def _refuse_owner(account: Account, member: AccountMember) -> None:
    if member.user_id == account.owner_id:
        raise DomainError(_("The owner stays on the team. To change the owner, transfer the account."), field="role")

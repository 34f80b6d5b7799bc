"""Several accounts of the list, or all it finds, put on the list of a campaign (V2)."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.queries import visible_accounts
from accounts.views.lists import ACCOUNTS
from core.answers import attempt, saved, show_form
from core.errors import DomainError, NotFound
from core.lists import chosen_ids
from core.models import User
from core.permissions import require
from core.requests import StaffRequest
from relationships import actions
from relationships.forms import ChooseCampaignForm
from relationships.queries import campaigns_to_lead
from relationships.queries.campaigns import MOST_TARGETS


def choose_campaign(request: StaffRequest) -> HttpResponse:
    """For which campaign? `?id=7&id=9`, or `?all=1` with the words of the list of accounts (`core.lists.chosen_ids`)."""
    require(request.user, "visits.lead")
    ids = _wanted(request)
    campaigns = campaigns_to_lead(request.user)
    form = ChooseCampaignForm(request.POST or None, campaigns=campaigns)
    if form.is_valid():
        campaign_id = form.cleaned_data["campaign"]
        added = attempt(form, lambda: actions.add_targets(by=request.user, campaign_id=campaign_id, account_ids=ids))
        if added is not None:
            to = reverse("visits:campaign", args=[campaign_id])
            return saved(request, to, _told(len(added), len(ids) - len(added)), changed="campaign")
    words = ngettext(
        "%(count)d account; its owner goes there.", "%(count)d accounts; the owner of each goes there.", len(ids)
    )
    return show_form(
        request, form, "relationships/choose_campaign.html",
        title=_("Add to a campaign"), subtitle=words % {"count": len(ids)}, submit=_("Add"), campaigns=campaigns,
        cancel_url=reverse("accounts:list_accounts"),
    )  # fmt: skip


def _wanted(request: StaffRequest) -> list[int]:
    """The accounts the address speaks of. NotFound when one is out of sight, 422 for none or too many."""
    ids = chosen_ids(request, ACCOUNTS, MOST_TARGETS)
    if not ids:
        raise DomainError(_("Choose some accounts first."), field="accounts")
    if len(ids) > MOST_TARGETS:
        raise DomainError(
            _("A campaign visits at most %(count)s accounts.") % {"count": MOST_TARGETS}, field="accounts"
        )
    if not _sees_all(request.user, ids):
        raise NotFound
    return ids


def _sees_all(by: User, ids: list[int]) -> bool:
    return visible_accounts(by).filter(pk__in=ids).count() == len(ids)


def _told(added: int, there: int) -> str:
    said = ngettext("%(count)s account added.", "%(count)s accounts added.", added) % {"count": added}
    if there:
        more = ngettext("%(count)s was on the list already.", "%(count)s were on the list already.", there)
        said = f"{said} {more % {'count': there}}"
    return said

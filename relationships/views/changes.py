"""Changing people: adding, editing, taking and leaving positions."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.answers import attempt, given_version, saved, show_conflict, show_form
from core.channels import as_rows
from core.errors import Conflict
from core.permissions import allowed, require
from core.requests import StaffRequest
from relationships import actions
from relationships.forms import AddContactForm, AddPositionForm, ContactForm, EndPositionForm, PositionForm
from relationships.models import Contact
from relationships.queries import account_of, contact_channels, get_contact, get_position, is_visible


def add_contact(request: StaffRequest) -> HttpResponse:
    """A new person; `?account=7` puts him at an account. From there the sheet returns to it."""
    require(request.user, "contacts.add")
    wanted = request.GET.get("account", "")
    at = account_of(request.user, int(wanted)) if wanted.isdigit() else None
    form = AddContactForm(
        request.POST or None, by=request.user, at=at, may_choose_owner=allowed(request.user, "accounts.transfer")
    )
    if form.is_valid():
        added = attempt(form, lambda: actions.add_contact(by=request.user, **form.person()))
        if added:
            message = _("%(name)s is a contact now.") % {"name": added}
            return saved(request, added, message, changed="contact", go=at is None)
    return show_form(
        request, form, "relationships/add_contact.html",
        title=_("New contact"), subtitle=at.name if at else "", submit=_("Add contact"), use_once=True,
        cancel_url=at.get_absolute_url() if at else reverse("relationships:list_contacts"),
    )  # fmt: skip


def edit_contact(request: StaffRequest, contact_id: int) -> HttpResponse:
    """The person. Over somebody's newer edit both versions are shown (409)."""
    require(request.user, "contacts.edit")
    contact = get_contact(request.user, contact_id)
    may_choose = contact.owner_id == request.user.pk or allowed(request.user, "accounts.transfer")
    shown = {"tags": contact.tags, "channels": as_rows(contact_channels(contact))}
    form = ContactForm(
        request.POST or None, by=request.user, may_choose_owner=may_choose, instance=contact, initial=shown
    )
    page: dict[str, Any] = {"cancel_url": contact.get_absolute_url()}
    if form.is_valid():
        try:
            edited = attempt(
                form,
                lambda: actions.edit_contact(
                    by=request.user, contact_id=contact_id, version=given_version(request), **form.cleaned_data
                ),
            )
        except Conflict as conflict:
            theirs = {name: getattr(contact, name) for name in form.cleaned_data if name != "channels"}
            return show_conflict(request, form, conflict, theirs | {"channels": shown["channels"]}, **page)
        if edited:
            return saved(request, edited, _("Saved."), changed="contact")
    return show_form(
        request, form, "relationships/edit_contact.html",
        title=_("Edit contact"), subtitle=contact.full_name, submit=_("Save"), contact=contact,
        version=given_version(request) or contact.version, **page,
    )  # fmt: skip


def add_position(request: StaffRequest, contact_id: int) -> HttpResponse:
    """Another position, present or past."""
    require(request.user, "contacts.edit")
    contact = get_contact(request.user, contact_id)
    form = AddPositionForm(request.POST or None, by=request.user)
    if form.is_valid():
        values = dict(form.cleaned_data)
        account = values.pop("account")
        position = attempt(
            form,
            lambda: actions.add_position(by=request.user, contact_id=contact_id, account_id=account.pk, **values),
        )
        if position:
            return _position_saved(request, contact)
    return show_form(
        request, form,
        title=_("New position"), subtitle=contact.full_name, submit=_("Add"), cancel_url=contact.get_absolute_url(),
        use_once=True,
    )  # fmt: skip


def edit_position(request: StaffRequest, position_id: int) -> HttpResponse:
    """Title, department, dates and roles."""
    require(request.user, "contacts.edit")
    position = get_position(request.user, position_id)
    form = PositionForm(request.POST or None, instance=position, initial={"roles": position.roles})
    page: dict[str, Any] = {"cancel_url": position.contact.get_absolute_url()}
    if form.is_valid():
        try:
            edited = attempt(
                form,
                lambda: actions.edit_position(
                    by=request.user, position_id=position_id, version=given_version(request), **form.cleaned_data
                ),
            )
        except Conflict as conflict:
            theirs = {name: getattr(position, name) for name in form.cleaned_data}
            return show_conflict(request, form, conflict, theirs, **page)
        if edited:
            return _position_saved(request, position.contact)
    return show_form(
        request, form,
        title=_("%(name)s at %(account)s") % {"name": position.contact, "account": position.account},
        submit=_("Save"), version=given_version(request) or position.version, **page,
    )  # fmt: skip


def end_position(request: StaffRequest, position_id: int) -> HttpResponse:
    """The person left; the position stays as history."""
    require(request.user, "contacts.edit")
    position = get_position(request.user, position_id)
    form = EndPositionForm(request.POST or None)
    if form.is_valid():
        ended = attempt(
            form,
            lambda: actions.end_position(
                by=request.user, position_id=position_id, version=given_version(request), **form.cleaned_data
            ),
        )
        if ended:
            return _position_saved(request, position.contact)
    return show_form(
        request, form,
        title=_("%(name)s left") % {"name": position.contact}, subtitle=position.account.name, submit=_("Save"),
        version=position.version, cancel_url=position.contact.get_absolute_url(),
    )  # fmt: skip


@require_POST
def delete_position(request: StaffRequest, position_id: int) -> HttpResponse:
    """Entered by mistake. Who thereby loses sight of the person lands on the list."""
    require(request.user, "contacts.edit")
    contact = get_position(request.user, position_id).contact
    actions.delete_position(by=request.user, position_id=position_id, version=given_version(request))
    if is_visible(request.user, contact.pk):
        return saved(request, contact, _("Deleted."), changed="contact")
    return saved(request, reverse("relationships:list_contacts"), _("Deleted."), changed="contact", go=True)


def _position_saved(request: StaffRequest, contact: Contact) -> HttpResponse:
    return saved(request, contact, _("Saved."), changed="contact")

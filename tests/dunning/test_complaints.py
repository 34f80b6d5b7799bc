"""A complaint holds back the amount it is about (C4), in the customer's own words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Account
from core.models import User
from receivables.actions import open_dispute
from receivables.models import Dispute
from relationships.models import Finding
from tests.factories import make_account, make_invoice

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def account(rep: User) -> Account:
    return make_account(rep)


@pytest.fixture
def complaint(rep: User, account: Account) -> Finding:
    return heard(rep, account, "complaint", "Two pumps leak")


def heard(by: User, account: Account, kind: str, text: str) -> Finding:
    return Finding.objects.create(account=account, kind=kind, text=text, by=by, at=timezone.now())


def test_it_holds_back_the_invoice_it_is_about(
    as_user: SignIn, rep: User, other_rep: User, executive: User, account: Account, complaint: Finding
) -> None:
    late, other = make_invoice(account, "1000.00", due_on=date(2026, 3, 1)), make_invoice(account, "50.00")
    address = reverse("dunning:hold_back", args=[complaint.pk])
    page = as_user(rep).get(address).text
    assert "Two pumps leak" in page
    assert page.index(late.number) < page.index(other.number)
    typed = {"invoice_id": late.pk, "amount": "400", "reason": "quality", "note": complaint.text}
    refused = as_user(rep).post(address, typed | {"amount": "1000.01"})
    assert (refused.status_code, "is open and not disputed" in refused.text) == (422, True)
    assert as_user(rep).post(address, typed).status_code == 302
    late.refresh_from_db()
    assert (late.disputed_amount, Dispute.objects.get().note) == (400, "Two pumps leak")
    assert as_user(other_rep).post(address, typed).status_code == 404
    assert as_user(executive).post(address, typed).status_code == 403
    for rest in (late, other):
        open_dispute(by=rep, invoice_id=rest.pk, reason="quality")
    assert "Nothing is open here" in as_user(rep).get(address).text


def test_only_a_complaint_offers_it(
    as_user: SignIn, rep: User, executive: User, account: Account, complaint: Finding
) -> None:
    need = heard(rep, account, "need", "A second line")
    panel = reverse("visits:account_panel", args=[account.pk])
    assert as_user(rep).get(panel).text.count(f'/complaints/{complaint.pk}/hold-back/" hx-get') == 1
    assert "hold-back" not in as_user(executive).get(panel).text.replace(complaint.text, "")
    assert as_user(rep).get(reverse("dunning:hold_back", args=[need.pk])).status_code == 404

"""Which entry of the navigation a page lies below."""

import pytest
from django.urls import reverse

from core.navigation import section_of


@pytest.mark.parametrize(
    ("page", "entry"),
    [
        ("dunning:queue", "dunning:queue"),
        ("dunning:settings", "core:settings"),
        ("dunning:ladder", "core:settings"),
        ("dunning:add_step", "core:settings"),
        ("receivables:settings", "core:settings"),
        ("dunning:calls", "dunning:queue"),
        ("receivables:ageing", "receivables:dashboard"),
        ("receivables:list_credit_notes", "receivables:dashboard"),
        ("receivables:reconcile", "receivables:dashboard"),
        ("receivables:record_payment", "receivables:list_payments"),
        ("core:settings", "core:settings"),
        ("desk:home", "desk:home"),
    ],
)
def test_a_page_lies_below_the_nearest_entry(page, entry):
    assert section_of(reverse(page)) == entry

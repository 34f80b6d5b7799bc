"""Taking only some rows of a file, as a person does it on the page."""

from __future__ import annotations

import pytest
from django.urls import reverse

from core.imports import actions
from receivables.models import Invoice
from tests.imports.conftest import data_file, mapping

pytestmark = pytest.mark.django_db
NINJA = "invoiceninja-imports"
PLACES = ("Account Name", "Transaction Description")


@pytest.fixture
def job(collector):
    """The general ledger of Wave, read as invoices."""
    path = data_file(f"{NINJA}/wave_invoices.csv")
    job = actions.bring_file(by=collector, name=path.name, chunks=[path.read_bytes()])
    return actions.read_import(by=collector, job_id=job.pk, target="invoices")


def entry(job, **words):
    """The page as the browser sends it: columns by the stored mapping, then what was chosen."""
    given = mapping(NINJA, 4)
    columns = {
        f"column-{place}": given["columns"].get(heading, "") for place, heading in enumerate(job.layout["columns"])
    }
    return {**columns, "currency": "USD", "key": "number", "create": ["account"], **words}


def shown(response):
    return [(each["heading"], each.get("taken", [])) for each in response.context["row_choices"]]


def test_rows_are_taken_by_two_columns(as_user, collector, job):
    browser, url = as_user(collector), reverse("core:map_import", args=[job.pk])
    only = mapping(NINJA, 4)["only"]
    first = browser.post(url, entry(job, draft="1", only_column=[PLACES[0]]))
    assert shown(first) == [(PLACES[0], []), ("", [])]
    page = first.content.decode()
    assert 'name="only_words-0"' in page
    assert "and of these only by" in page
    words = {f"only_words-{place}": only[heading] for place, heading in enumerate(PLACES)}
    both = entry(job, only_column=[*PLACES, ""], **words)
    assert shown(browser.post(url, both | {"draft": "1"}))[:2] == [(heading, only[heading]) for heading in PLACES]
    assert browser.post(url, both).status_code == 302
    job.refresh_from_db()
    assert job.mapping["only"] == only
    actions.carry_out(by=collector, job=job, write=True)
    job.refresh_from_db()
    assert (job.counts["left_out"], job.counts["created"]) == (12, 3)
    assert sorted(Invoice.objects.values_list("number", flat=True)) == ["2", "3", "4"]


def test_a_column_without_words_takes_no_row_and_is_refused(as_user, collector, job):
    response = as_user(collector).post(reverse("core:map_import", args=[job.pk]), entry(job, only_column=[PLACES[0]]))
    assert response.status_code == 422
    assert "Tick the rows to take by “Account Name”" in response.content.decode()
    assert shown(response) == [(PLACES[0], []), ("", [])]

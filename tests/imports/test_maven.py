"""The Maven sales sample: every figure its description states must come out."""

from tests.imports.conftest import data_file, mapping

from accounts.models import Account


def test_accounts_come_with_their_parents(bring, administrator):
    job = bring(data_file("maven-crm-sales/accounts.csv"), mapping("maven-crm-sales", 0))
    assert job.counts["created"] == 85
    assert Account.objects.exclude(parent=None).count() == 15
    again = bring(data_file("maven-crm-sales/accounts.csv"), mapping("maven-crm-sales", 0))
    assert (again.counts["created"], again.counts["updated"], again.counts["unchanged"]) == (0, 0, 85)

"""Provision rates to start with, for every day until others are set: common ones by account age (CAS 22), the example of
IFRS 9 by days past due (its last rate for everything over 90 days), and one for each grade. Going back leaves them.
"""

from datetime import date
from decimal import Decimal

from django.db import migrations

RATES = {
    "age": ["0.05", "0.10", "0.30", "0.50", "0.80", "1"],
    "overdue": ["0.003", "0.016", "0.036", "0.066", "0.106", "0.106", "0.106"],
    "grade": ["0.05", "0.30", "0.60", "1"],
}


def seed(apps, schema_editor):
    rates = apps.get_model("receivables", "ProvisionRate").objects
    for basis, shares in RATES.items():
        for step, share in enumerate(shares):
            rates.get_or_create(
                basis=basis, step=step, effective_on=date(2000, 1, 1), defaults={"rate": Decimal(share)}
            )


class Migration(migrations.Migration):
    dependencies = [("receivables", "0006_require_the_invoice_in_allocations")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]

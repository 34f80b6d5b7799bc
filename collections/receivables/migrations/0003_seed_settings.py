"""The settings to start with: the one row of thresholds, and who may approve write-offs up to which amount.

What is there already stays as it is. Going back leaves the rows: somebody may have edited them.
"""

from decimal import Decimal

from django.db import migrations

LIMITS = {"finance": Decimal(5_000), "manager": Decimal(50_000), "executive": Decimal(10_000_000)}


def seed(apps, schema_editor):
    apps.get_model("receivables", "ReceivablesRule").objects.get_or_create(pk=1)
    limits = apps.get_model("receivables", "WriteOffLimit").objects
    for role, amount in LIMITS.items():
        limits.get_or_create(role=role, currency="CNY", defaults={"amount": amount})


class Migration(migrations.Migration):
    dependencies = [("receivables", "0002_refund_lines_and_write_once")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]

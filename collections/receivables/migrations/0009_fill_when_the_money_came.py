"""Tell the allocations there are when their payment or credit note came. Can run twice."""

from django.db import migrations

FILL = """
    ALTER TABLE receivables_allocation DISABLE TRIGGER USER;
    UPDATE receivables_allocation a SET source_on = p.received_on
    FROM receivables_payment p WHERE p.id = a.payment_id AND a.source_on IS NULL;
    UPDATE receivables_allocation a SET source_on = c.issued_on
    FROM receivables_creditnote c WHERE c.id = a.credit_note_id AND a.source_on IS NULL;
    ALTER TABLE receivables_allocation ENABLE TRIGGER USER;
"""


class Migration(migrations.Migration):
    dependencies = [("receivables", "0008_know_when_the_money_came")]
    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]

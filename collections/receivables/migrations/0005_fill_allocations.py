"""Give the allocations there are what their invoices say; the grades there are count as proposed. Can run twice."""

from django.db import migrations

FILL = """
    ALTER TABLE receivables_allocation DISABLE TRIGGER USER;
    UPDATE receivables_allocation a SET account_id = i.account_id, currency = i.currency, issued_on = i.issued_on,
        due_on = i.due_on, recognised_on = i.recognised_on
    FROM receivables_invoice i WHERE i.id = a.invoice_id AND a.account_id IS NULL;
    SET CONSTRAINTS ALL IMMEDIATE;
    ALTER TABLE receivables_allocation ENABLE TRIGGER USER;
    UPDATE receivables_invoice SET grade_proposed = grade WHERE grade_proposed <> grade;
"""


class Migration(migrations.Migration):
    dependencies = [("receivables", "0004_repeat_the_invoice_in_allocations")]
    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]

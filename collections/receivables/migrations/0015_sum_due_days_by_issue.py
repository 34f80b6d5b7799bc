"""Make the sums of what is open anew, those by issue with their due days (back: without). Can run twice."""

from django.db import migrations

FILL = """
    LOCK TABLE receivables_invoice IN SHARE MODE;
    DELETE FROM receivables_opensum;
    INSERT INTO receivables_opensum
        (currency, account_id, grade, due_on, expected_on, issued_on, recognised_on, open_amount, disputed_amount, invoices,
         is_folded)
    SELECT currency, account_id, grade, due_on, expected_on, issued_on, recognised_on,
        sum(open_amount), sum(least(disputed_amount, open_amount)), count(*), true
    FROM receivables_invoice WHERE open_amount > 0
    GROUP BY GROUPING SETS
        ((currency, grade, due_on, expected_on), (currency, issued_on, due_on, recognised_on), (currency, account_id));
"""


class Migration(migrations.Migration):
    dependencies = [("receivables", "0014_keep_due_days_by_issue")]
    operations = [migrations.RunSQL(FILL, FILL.replace("issued_on, due_on, recognised_on)", "issued_on, recognised_on)"))]

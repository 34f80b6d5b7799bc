"""Make the sums of what is open from the invoices there are. Can run twice: what was there is made anew."""

from django.db import migrations

FILL = """
    DELETE FROM receivables_opensum;
    INSERT INTO receivables_opensum
        (currency, account_id, grade, due_on, expected_on, issued_on, recognised_on, open_amount, disputed_amount, invoices,
         is_folded)
    SELECT currency, account_id, grade, due_on, expected_on, issued_on, recognised_on,
        sum(open_amount), sum(least(disputed_amount, open_amount)), count(*), true
    FROM receivables_invoice WHERE open_amount > 0
    GROUP BY GROUPING SETS
        ((currency, grade, due_on, expected_on), (currency, issued_on, recognised_on), (currency, account_id));
"""


class Migration(migrations.Migration):
    dependencies = [("receivables", "0011_keep_open_sums")]
    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]

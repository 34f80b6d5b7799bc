import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("receivables", "0005_fill_allocations")]
    operations = [
        migrations.AlterField(
            model_name="allocation",
            name="account",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.account",
            ),
        ),
        migrations.AlterField(
            model_name="allocation", name="currency", field=models.CharField(editable=False, max_length=3)
        ),
        migrations.AlterField(model_name="allocation", name="issued_on", field=models.DateField(editable=False)),
        migrations.AlterField(model_name="allocation", name="due_on", field=models.DateField(editable=False)),
        migrations.AlterField(model_name="allocation", name="recognised_on", field=models.DateField(editable=False)),
    ]

"""How many meetings a seller's week should hold becomes a setting (P7)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("relationships", "0005_index_visits_of_campaign")]

    operations = [
        migrations.AddField(
            model_name="contactrule",
            name="meetings_a_week",
            field=models.PositiveSmallIntegerField(default=5, verbose_name="meetings a week"),
        ),
    ]

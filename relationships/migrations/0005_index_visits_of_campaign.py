"""What the progress of a campaign is counted from."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # the index is built beside the running work

    dependencies = [("relationships", "0004_add_campaigns")]

    operations = [
        AddIndexConcurrently(
            "visit",
            models.Index(
                fields=["campaign"], name="visit_of_campaign", condition=models.Q(campaign__isnull=False)
            ),
        ),
    ]

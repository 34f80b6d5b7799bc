from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('receivables', '0016_find_what_was_open_by_issue'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='contract',
            index=models.Index(condition=models.Q(('ends_on__isnull', False)), fields=['ends_on'], name='contract_that_ends'),
        ),
    ]

"""Birthdays come apart from contacts and sealed (R5, L1), and how long they are kept becomes a setting."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('relationships', '0006_add_meetings_a_week'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='contactrule',
            name='profile_months',
            field=models.PositiveSmallIntegerField(db_default=24, default=24, verbose_name='keep birthdays after the last position (months)'),
        ),
        migrations.CreateModel(
            name='PersonalProfile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('sealed', models.TextField(editable=False)),
                ('purpose', models.CharField(choices=[('wishes', 'Good wishes on the day'), ('planning', 'Planning visits and invitations')], max_length=10, verbose_name='kept for')),
                ('contact', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='personal_profile', to='relationships.contact')),
                ('noted_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'personal profile',
                'verbose_name_plural': 'personal profiles',
                'constraints': [models.CheckConstraint(condition=models.Q(('sealed', ''), _negated=True), name='profile_is_sealed')],
            },
        ),
    ]

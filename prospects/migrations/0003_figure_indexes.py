"""What the figures of the board, Today and the dashboard are counted from, without reading the rows."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # the indexes are built beside the running work

    dependencies = [("prospects", "0002_initial")]

    operations = [
        AddIndexConcurrently(
            "prospect",
            models.Index(
                fields=["stage", "currency"],
                include=[
                    "id", "team", "owner", "account", "amount", "own_estimate", "opened_on", "entered_stage_on", "expected_close_on",
                    "next_step", "next_step_on", "slipping_since", "last_reviewed_at", "created_at", "closed_on",
                ],
                name="prospect_board_sums",
                condition=models.Q(closed_on__isnull=True),
            ),
        ),
        AddIndexConcurrently(
            "prospect",
            models.Index(
                fields=["-closed_on", "-id"],
                include=["owner", "team", "account", "stage", "outcome", "currency", "amount", "opened_on"],
                name="prospect_closed_figures",
                condition=~models.Q(closed_on__isnull=True),
            ),
        ),
        AddIndexConcurrently(
            "stagechange",
            models.Index(
                fields=["on"],
                include=["prospect", "from_stage", "to_stage", "kind", "days_in_from"],
                name="stage_move_by_day",
                condition=models.Q(from_stage__isnull=False),
            ),
        ),
        RemoveIndexConcurrently("prospect", "prospect_closed"),
        RemoveIndexConcurrently("stagechange", "stage_change_by_day"),
    ]  # fmt: skip

"""What the clock has done."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class JobState(models.TextChoices):
    """How far one run of a job has come."""

    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed, will be tried again")
    PARKED = "parked", _("given up")


class JobRun(models.Model):
    """One job on one slot (the day, or the Monday of the week, it is for). The pair is unique: that is what keeps two

    clocks from doing the same work twice. Made by the tick, claimed by one worker at a time; a done row never changes.
    """

    job = models.CharField(_("job"), max_length=80)
    slot = models.DateField(_("for the day"))
    due_at = models.DateTimeField(_("due"))
    state = models.CharField(_("state"), max_length=8, choices=JobState, default=JobState.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    free_at = models.DateTimeField(
        null=True, help_text="Until then nobody else may claim it: running, or waiting to retry."
    )
    started_at = models.DateTimeField(_("started"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    error = models.TextField(_("error"), blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["job", "slot"], name="job_run_once_per_slot")]
        indexes: ClassVar = [
            # The tick looks for what is not done; nearly every row is.
            models.Index(fields=["due_at"], name="job_run_open", condition=~models.Q(state="done")),
        ]
        ordering: ClassVar = ["-due_at", "job"]

    def __str__(self) -> str:
        return f"{self.job} {self.slot}"

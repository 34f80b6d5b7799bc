"""One fact told to one person by one channel."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Role
from core.scope import ScopedQuerySet, one_of
from reminders.choices import OPEN_STATES, WAITING_STATES, Arrival, Channel, EndReason, Importance, State

WAITING = Q(state__in=WAITING_STATES)
STILL_OPEN = Q(state__in=OPEN_STATES)
ON_THE_DESK = Q(state=State.SENT, channel=Channel.IN_APP)


class OccurrenceQuerySet(ScopedQuerySet["Occurrence"]):
    """Occurrences: everybody his own and those meant for him; a manager his team's; the administrator all."""

    def shared_with(self, user: Any) -> Q:
        return Q(recipient=user) | Q(meant_for=user)

    def of_teams(self, team_ids: list[int]) -> Q:
        return one_of("recipient__team_id", team_ids)

    def visible_to(self, by: Any) -> OccurrenceQuerySet:
        """The rows this actor may read. Finance and executives see their own only: reminders are personal."""
        if by.is_system or by.role == Role.ADMINISTRATOR:
            return self.all()
        mine = self.shared_with(by)
        if by.role == Role.MANAGER and by.team_ids:
            mine |= Q(recipient__team__in=by.team_ids)
        return self.filter(mine)

    def on_the_desk(self) -> OccurrenceQuerySet:
        """What the bell and Today show: told in Keyline and not yet dealt with."""
        return self.filter(ON_THE_DESK)

    def siblings_of(self, occurrence: Occurrence) -> OccurrenceQuerySet:
        """The same fact for the same person, all channels, itself included."""
        return self.filter(rule=occurrence.rule, recipient=occurrence.recipient_id, slot_key=occurrence.slot_key)


class Occurrence(models.Model):
    """One fact told to one person by one channel: planned, sent, dealt with. See the package's docstring for the model.

    Made by the planner, by `schedule`, or by an escalation or hand-over of another (`came_from`). `meant_for` is whom the
    rule names, `recipient` who gets it: a stand-in, a manager or a colleague may. `words` fill the rule's sentence;
    `subject_type`, `subject_id`, `url` name the record. `due_on` is the fact's own day, `due_at` when it is to be told,
    `free_at` from when a dispatcher may take it. `round` counts how often it is told (snoozed, or told again when nobody
    acted). `chain` is the escalation, frozen when it was first told: `[{"rung", "user", "at", "done"}, …]`; of a step
    that was taken, `told` names who heard of it.
    """

    rule = models.CharField(max_length=60)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="reminders")
    meant_for = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    slot_key = models.CharField(max_length=120)
    arrival = models.CharField(max_length=12, choices=Arrival.choices, default=Arrival.RULE)
    came_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="led_to")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    subject_type = models.CharField(max_length=60, blank=True)
    subject_id = models.BigIntegerField(null=True)
    account_id = models.BigIntegerField(null=True)
    url = models.CharField(max_length=300, blank=True)
    words = models.JSONField(default=dict)
    importance = models.PositiveSmallIntegerField(
        _("importance"), choices=Importance.choices, default=Importance.NORMAL
    )

    due_on = models.DateField(_("day"), null=True)
    first_due_at = models.DateTimeField(_("first due"))
    due_at = models.DateTimeField(_("due"))
    deadline_on = models.DateField(_("legal deadline"), null=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PLANNED)
    free_at = models.DateTimeField(_("next try"), null=True)
    lease_token = models.UUIDField(null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    round = models.PositiveSmallIntegerField(default=0)

    sent_at = models.DateTimeField(_("sent"), null=True)
    read_at = models.DateTimeField(_("read"), null=True)
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True)
    acknowledged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(_("over"), null=True)
    ended_because = models.CharField(max_length=14, choices=EndReason.choices, blank=True)
    snoozes = models.PositiveSmallIntegerField(_("snoozed"), default=0)
    note = models.CharField(_("reason"), max_length=300, blank=True)
    chain = models.JSONField(default=list)
    escalates_at = models.DateTimeField(_("goes up"), null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OccurrenceQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-due_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["rule", "recipient", "channel", "slot_key"], name="occurrence_once"),
            # A stand-in who got it in the owner's place does not make room for a second one for the owner.
            models.UniqueConstraint(
                fields=["rule", "meant_for", "slot_key", "channel"],
                name="occurrence_planned_once",
                condition=Q(arrival=Arrival.RULE),
            ),
            models.CheckConstraint(condition=~Q(state=State.LEASED) | Q(lease_token__isnull=False), name="lease_named"),
            models.CheckConstraint(condition=~WAITING | Q(free_at__isnull=False), name="waiting_until_some_time"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["channel", "free_at", "id"], name="occurrence_waiting", condition=WAITING
            ),  # dispatcher
            models.Index(
                fields=["recipient", "-sent_at", "-id"], name="occurrence_on_desk", condition=ON_THE_DESK
            ),  # bell, Today
            models.Index(
                fields=["recipient", "due_at"], name="occurrence_ahead", condition=WAITING & Q(channel=Channel.IN_APP)
            ),  # Today before it is told, what is put off
            models.Index(fields=["escalates_at"], name="occurrence_climbs", condition=Q(escalates_at__isnull=False)),
            models.Index(fields=["rule", "subject_id"], name="occurrence_open", condition=STILL_OPEN),  # planner
            models.Index(
                fields=["subject_type", "subject_id"], name="occurrence_of_record", condition=STILL_OPEN
            ),  # a record's panel
            models.Index(fields=["-due_at", "-id"], name="occurrence_newest"),  # the ledger
            models.Index(
                fields=["due_at"], name="occurrence_parked", condition=Q(state=State.PARKED)
            ),  # ledger, health
            models.Index(fields=["ended_at"], name="occurrence_over", condition=Q(ended_at__isnull=False)),  # tidying
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.slot_key} → {self.recipient_id} ({self.channel})"

    @property
    def is_open(self) -> bool:
        """Nobody has dealt with it yet."""
        return self.state in OPEN_STATES

    @property
    def message_id(self) -> str:
        """Identity of the message of this round: a second try carries the same."""
        return f"reminder-{self.pk}.{self.round}"

"""What happens in collecting, in words (audit trail, time line). `money` is an amount with its currency: CNY 1,200.00."""

from django.utils.translation import gettext_lazy as _

from core.audit import event_type

CALL_LOGGED = event_type(
    "dunning.call_logged", _("Collection call with {person}: {outcome}"), icon="phone", words=("outcome",)
)
PROMISE_RECORDED = event_type(
    "dunning.promise_recorded", _("{person} promised {money} by {last_due_on}"), icon="heart-handshake"
)
PROMISE_REPLACED = event_type(
    "dunning.promise_replaced", _("The promise of {money} was replaced by another: {reason}"), icon="replace"
)
PROMISE_KEPT = event_type("dunning.promise_kept", _("The promise of {money} was kept"), icon="circle-check")
PROMISE_PARTLY_KEPT = event_type(
    "dunning.promise_partly_kept", _("Of the promise of {money} only {arrived} came in time"), icon="circle-half-2"
)
PROMISE_BROKEN = event_type("dunning.promise_broken", _("The promise of {money} was broken"), icon="circle-x")
PROMISE_REOPENED = event_type(
    "dunning.promise_reopened", _("Money was taken back: the promise of {money} is open again"), icon="refresh"
)
CASE_ASSIGNED = event_type("dunning.case_assigned", _("{collector} collects from now on"), icon="user-check")
CASE_UNASSIGNED = event_type("dunning.case_unassigned", _("Nobody in particular collects from now on"), icon="user-x")
CASE_PAUSED = event_type("dunning.case_paused", _("No dunning before {until}: {reason}"), icon="player-pause")
CASE_RESUMED = event_type("dunning.case_resumed", _("Dunning goes on"), icon="player-play")
CASE_SET = event_type("dunning.case_set", _("How to collect from them was changed"), icon="adjustments")
RULE_SET = event_type("dunning.rule_set", _("The settings of collecting were changed"), icon="adjustments")

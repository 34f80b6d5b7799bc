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
PROMISE_OVERTAKEN = event_type(
    "dunning.promise_overtaken",
    _(
        "The books have changed: of the promise of {money} nothing is missed so far, and a later promise stands in its place"
    ),
    icon="replace",
)
CASE_ASSIGNED = event_type("dunning.case_assigned", _("{collector} collects from now on"), icon="user-check")
CASE_UNASSIGNED = event_type("dunning.case_unassigned", _("Nobody in particular collects from now on"), icon="user-x")
CASE_PAUSED = event_type("dunning.case_paused", _("No dunning before {until}: {reason}"), icon="player-pause")
CASE_RESUMED = event_type("dunning.case_resumed", _("Dunning goes on"), icon="player-play")
CASE_SET = event_type("dunning.case_set", _("How to collect from them was changed"), icon="adjustments")
RULE_SET = event_type("dunning.rule_set", _("The settings of collecting were changed"), icon="adjustments")
MESSAGES_PROPOSED = event_type(
    "dunning.messages_proposed",
    _("The ladder proposed {messages} letters, {calls} calls and {holds} holds; {papers} invoices lack papers"),
    icon="mail-plus",
)
MESSAGES_APPROVED = event_type("dunning.messages_approved", _("{count} letters were approved"), icon="mail-check")
MESSAGE_EDITED = event_type("dunning.message_edited", _("The words of a letter were changed: {subject}"), icon="pencil")
MESSAGE_SKIPPED = event_type(
    "dunning.message_skipped", _("A letter was left out: {subject} ({reason})"), icon="mail-off"
)
MESSAGE_RETRIED = event_type("dunning.message_retried", _("A letter is sent again: {subject}"), icon="refresh")
MESSAGE_SENT = event_type("dunning.message_sent", _("Sent by e-mail to {to}: {subject}"), icon="mail-forward")
MESSAGE_FAILED = event_type(
    "dunning.message_failed",
    _("A letter could not be sent: {subject} ({reason})"),
    icon="mail-exclamation",
    words=("reason",),
)
LETTERS_PRINTED = event_type("dunning.letters_printed", _("{count} letters were printed"), icon="printer")
LETTER_POSTED = event_type("dunning.letter_posted", _("Printed and posted: {subject}"), icon="mailbox")
MESSAGE_ARRIVED = event_type(
    "dunning.message_arrived", _("{subject}: provably arrived on {day} ({proof})"), icon="certificate"
)
PROMISE_CONFIRMED = event_type(
    "dunning.promise_confirmed", _("The promise of {money} is confirmed in writing"), icon="file-text"
)
PROMISE_THANKED = event_type(
    "dunning.promise_thanked", _("Thanks for the payment of {money} were written"), icon="file-text"
)
STATEMENT_MADE = event_type("dunning.statement_made", _("A statement of account was made: {subject}"), icon="file-text")
HOLD_DECLINED = event_type(
    "dunning.hold_declined",
    _("Supply goes on although the ladder proposes to hold it: {reason}"),
    icon="truck-delivery",
)
LADDER_STEP_ADDED = event_type(
    "dunning.ladder_step_added", _("A rung was added to the ladder: {name}"), icon="stairs-up"
)
LADDER_STEP_EDITED = event_type(
    "dunning.ladder_step_edited", _("A rung of the ladder was changed: {name}"), icon="stairs"
)
LADDER_STEP_RETIRED = event_type(
    "dunning.ladder_step_retired", _("A rung was taken out of the ladder: {name}"), icon="stairs-down"
)
EXCUSE_ADDED = event_type("dunning.excuse_added", _("An excuse was added with its answer: {says}"), icon="message-plus")
EXCUSE_EDITED = event_type("dunning.excuse_edited", _("An excuse or its answer was changed: {says}"), icon="message")
EXCUSE_RETIRED = event_type("dunning.excuse_retired", _("An excuse was taken out: {says}"), icon="message-off")

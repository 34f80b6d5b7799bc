"""Who is told what, when, and until it is done. Sits directly above core and knows no other app.

    rule  →  Occurrence  UNIQUE (rule, recipient, channel, slot_key)  →  Delivery (attempts)

*Rule.* Declared in code, in the file `reminders.py` of the app whose facts it tells of (`registry.reminder`): wording,
receiver, importance, time of day, escalation. `RuleSetting` holds only what an administrator changed.
*Fact.* A rule's function answers one SQL query: whom to tell, about which record, on which day. Planner and dispatcher
ask the same query, so what was planned and what is still true cannot differ.
*Occurrence.* One fact told to one person by one channel. `slot_key` is the fact's record and day, never the time of
sending: whoever plans it twice plans it once. The channels of one fact are siblings; `in_app` is the head: it is what the
bell and Today show, and it alone carries the clock of the escalation. Acting on one sibling acts on all.
*State.* planned → leased → sent → done; snoozed is planned again with a new `due_at`; cancelled when the fact is gone before it
was told; parked after five failed attempts. `free_at` says from when a dispatcher may take it: due, put off by quiet hours, waiting
for another try, or held by a lease.
*Planner* (`actions.plan`): each tick, set-based, the next 48 hours; inserts what is new, closes what is no longer so.
*Dispatcher* (`actions.dispatch`): `in_app` in one transaction, exactly once; other channels are leased, sent, settled, with a
Message-ID that a second try shares. `channels` is where the senders are registered.
*Escalation* (`actions.escalate`): by acknowledgement, not by opening: the owner again, his manager, the director.
*People.* `Receiver` (quiet hours, digest), `Preference` (rule × channel), `Absence` (who stands in).
Celery wakes; PostgreSQL decides, also what time it is. Actions of people: `actions.schedule`, `cancel`, `acknowledge`, `finish`,
`snooze`, `hand_over`, `take_back`; reads: `queries`.
"""

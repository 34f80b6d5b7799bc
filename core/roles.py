"""Who may do what: one table. Which rows a person sees is another question, answered in `core.scope`."""

from core.models import Role

TALK = frozenset({"comments.write", "files.add"})
SELL = frozenset(
    {
        "accounts.add", "accounts.edit", "accounts.edit_payment_profile", "accounts.change_stage", "accounts.manage_team",
        "accounts.note", "contacts.add", "contacts.edit", "profiles.keep", "visits.plan", "visits.record",
        "prospects.add", "prospects.edit", "prospects.tick", "prospects.move", "prospects.close", "prospects.reopen", "prospects.review",
        "prospects.tally",
        "imports.run", "exports.run", "receivables.dispute", "reminders.use", "reminders.schedule",
    }
) | TALK  # fmt: skip
LEAD = SELL | {
    "accounts.transfer", "prospects.override", "prospects.transfer", "prospects.set_norms", "reports.team",
    "receivables.hold", "receivables.approve_write_off", "dunning.collect", "dunning.assign", "reminders.lead",
    "comments.remove", "files.remove",
    "visits.lead",
}  # fmt: skip
COLLECT = frozenset(
    {
        "receivables.record", "receivables.allocate", "receivables.reverse", "receivables.dispute", "receivables.grade",
        "receivables.hold", "receivables.lift_hold", "receivables.request_write_off", "receivables.approve_write_off",
        "receivables.reconcile", "receivables.set_rules", "receivables.provision", "receivables.approve_provision",
        "dunning.collect", "dunning.assign", "dunning.send", "dunning.set_ladder", "reminders.use", "reminders.schedule",
    }
) | TALK  # fmt: skip

ROLES: dict[str, frozenset[str]] = {
    Role.REP: SELL,
    Role.MANAGER: LEAD,
    Role.FINANCE: COLLECT | {"accounts.edit_payment_profile", "accounts.note", "imports.run", "exports.run"},
    Role.EXECUTIVE: frozenset(
        {
            "accounts.note", "visits.plan", "visits.record", "exports.run", "reports.team",
            "receivables.approve_write_off", "receivables.approve_provision", "reminders.use", "reminders.schedule",
        }
    ) | TALK,
    Role.ADMINISTRATOR: frozenset(
        {
            "users.manage", "teams.manage", "calendar.manage", "settings.manage", "audit.read", "jobs.read",
            "imports.run", "exports.run", "accounts.transfer", "prospects.transfer", "prospects.set_norms", "reports.team",
            "accounts.add", "accounts.edit", "accounts.manage_team", "contacts.add", "contacts.edit", "prospects.add", "prospects.edit",
            "receivables.set_rules", "dunning.set_ladder", "reminders.use", "reminders.schedule", "reminders.manage",
            "comments.remove", "files.remove",
        }
    ) | TALK,
}  # fmt: skip

SELLS = (Role.REP, Role.MANAGER)
"""Who has customers of their own."""
VERBS: frozenset[str] = frozenset().union(*ROLES.values())

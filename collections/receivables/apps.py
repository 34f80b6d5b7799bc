"""Django's entry to the app."""

from django.apps import AppConfig


class ReceivablesConfig(AppConfig):
    """What customers owe (handbook chapter 4)."""

    name = "receivables"

    def ready(self) -> None:
        """Tell the health page what to ask about the ledger, and which of its papers may be talked about."""
        from core.health import CHECKS
        from core.records import open_to_talk
        from receivables.queries import facts
        from receivables.queries.invariants import ledger_health

        CHECKS["ledger"] = ledger_health
        owner = "account__owner_id"
        open_to_talk("receivables.invoice", facts.visible_invoices, name="number", owner=owner)
        open_to_talk("receivables.payment", facts.visible_payments, name="reference", owner=owner)
        open_to_talk("receivables.creditnote", facts.visible_credit_notes, name="number", owner=owner)
        open_to_talk("receivables.contract", facts.visible_contracts, name="number", owner=owner)

"""Django's entry to the app."""

from django.apps import AppConfig


class ReceivablesConfig(AppConfig):
    """What customers owe (handbook chapter 4)."""

    name = "receivables"

    def ready(self) -> None:
        """Tell the health page what to ask about the ledger."""
        from core.health import CHECKS
        from receivables.queries.invariants import ledger_health

        CHECKS["ledger"] = ledger_health

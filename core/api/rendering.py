"""Answers as JSON. Amounts stay exact: DRF would make floats of Decimals that did not pass one of its own fields."""

from decimal import Decimal
from typing import Any

from rest_framework.renderers import JSONRenderer
from rest_framework.utils.encoders import JSONEncoder


class ExactEncoder(JSONEncoder):
    """Decimals as text, with the places they have."""

    def default(self, obj: Any) -> Any:
        return str(obj) if isinstance(obj, Decimal) else super().default(obj)


class ExactJSONRenderer(JSONRenderer):
    """JSON without floats for money."""

    encoder_class = ExactEncoder

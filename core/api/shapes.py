"""The shape of answers. A Shape is a ModelSerializer that only reads, from a row (`values()`) or from an object alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from operator import attrgetter
from typing import Any

from rest_framework import serializers

PLAIN = (
    serializers.CharField,
    serializers.IntegerField,
    serializers.BooleanField,
    serializers.DecimalField,
    serializers.DateField,
    serializers.DateTimeField,
    serializers.TimeField,
    serializers.ChoiceField,
    serializers.ListField,
    serializers.JSONField,
)

# (name, path in a row, what computes the value from an object; None for a plain value)
Plan = list[tuple[str, str, Callable[[Any], Any] | None]]
_PLANS: dict[type, Plan] = {}


class Shape(serializers.ModelSerializer[Any]):
    """Declare `Meta.model` and `Meta.fields`; a field over a relation as `owner_name = CharField(source="owner.full_name")`.

    Foreign keys come as ids, amounts as text, instants in UTC. Values go to JSON as the database gave them, without the
    field-by-field conversion of DRF, which costs more than the query for a page of fifty rows. Fields that compute
    (SerializerMethodField, and nested shapes, which never see the request) work too, on objects and on what `reads` and
    `extend` put into a row.
    """

    class Meta:
        model: Any = None
        fields: Any = ()

    @cached_property
    def _plan(self) -> Plan:
        """The plan of this class: drawn up once a process, unless a method of the shape may look at the request."""
        kind = type(self)
        if kind not in _PLANS:
            lasting = kind().fields  # without a request, which the plan outlives
            if any(isinstance(field, serializers.SerializerMethodField) for field in lasting.values()):
                return _plan_of(self.fields)
            _PLANS[kind] = _plan_of(lasting)
        return _PLANS[kind]

    @cached_property
    def reads(self) -> tuple[str, ...]:
        """The field paths a row must hold."""
        return tuple(path for _name, path, compute in self._plan if compute is None)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        if isinstance(instance, dict):
            return {
                name: instance[path] if compute is None else compute(instance) for name, path, compute in self._plan
            }
        return {
            name: _follow(instance, path) if compute is None else compute(instance)
            for name, path, compute in self._plan
        }


def _plan_of(fields: Mapping[str, Any]) -> Plan:
    plan: Plan = []
    for name, field in fields.items():
        source = str(field.source or name)
        if isinstance(field, serializers.PrimaryKeyRelatedField):
            plan.append((name, f"{source}_id", None))
        elif isinstance(field, PLAIN) and source != "*":
            plan.append((name, source.replace(".", "__"), None))
        else:
            plan.append((name, source, _computed(field)))
    return plan


def _computed(field: Any) -> Callable[[Any], Any]:
    def compute(instance: Any) -> Any:
        value = field.get_attribute(instance)
        return None if value is None else field.to_representation(value)

    return compute


def _follow(instance: Any, path: str) -> Any:
    """The value at `owner__full_name` of an object; None where the way ends."""
    if "__" not in path:
        return getattr(instance, path)
    head, _, rest = path.partition("__")
    related = attrgetter(head)(instance)
    return None if related is None else _follow(related, rest)

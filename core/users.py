"""Who acts: a person, or the program itself."""

from __future__ import annotations

from typing import ClassVar

from core.models import User


class SystemActor:
    """The program itself, as the author of what jobs do. It may everything and sees everything; it has no row."""

    pk = None
    id = None
    role = None
    team_id = None
    is_system: ClassVar[bool] = True
    is_authenticated: ClassVar[bool] = True
    is_active: ClassVar[bool] = True
    language = ""
    full_name = "Keyline"

    def __str__(self) -> str:
        return self.full_name


SYSTEM = SystemActor()
Actor = User | SystemActor


def as_row(by: Actor) -> User | None:
    """The actor as a foreign key takes it: None for the program itself."""
    return None if by.is_system else by  # type: ignore[return-value]

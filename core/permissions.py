"""May this person do this at all. First line of every action, so that page, API and job cannot differ."""

from core.errors import NotAllowed
from core.roles import ROLES, VERBS
from core.users import Actor


def allowed(by: Actor, verb: str) -> bool:
    """Whether the actor's role has the verb. An unknown verb is our mistake and raises KeyError."""
    if verb not in VERBS:
        raise KeyError(verb)
    if by.is_system:
        return True
    return bool(by.role and by.is_active and verb in ROLES[by.role])


def require(by: Actor, verb: str) -> None:
    """Raise NotAllowed (403) unless the actor's role has the verb."""
    if not allowed(by, verb):
        raise NotAllowed(verb)

"""What is set: of a rule by an administrator, of a person by himself."""

from __future__ import annotations

from django.db.models import Q

from core.errors import NotFound
from core.models import User
from core.users import Actor
from core.workdays import today
from reminders.choices import Channel
from reminders.models import Absence, Browser, ChatAddress, Preference, Receiver, RuleSetting
from reminders.registry import RULES, ReminderRule


def rule_setting(code: str) -> RuleSetting:
    """What an administrator changed of a rule, or an unsaved row with nothing changed."""
    return RuleSetting.objects.filter(rule=code).first() or RuleSetting(rule=code)


def rule_settings() -> dict[str, RuleSetting]:
    """The same of all rules that were changed."""
    return {row.rule: row for row in RuleSetting.objects.all()}


def receiver_of(user: User) -> Receiver:
    """His quiet hours, or an unsaved row with the defaults."""
    return Receiver.objects.filter(user=user).first() or Receiver(user=user)


def preferences_of(user: User) -> dict[tuple[str, Channel], bool]:
    """What he chose, by rule and channel."""
    rows = Preference.objects.filter(user=user).values_list("rule", "channel", "is_on")
    return {(rule, Channel(channel)): is_on for rule, channel, is_on in rows}


def is_on(rule: ReminderRule, channel: Channel, chosen: dict[tuple[str, Channel], bool]) -> bool:
    """Whether he is told of this rule by this channel: as he chose, else as the rule is declared."""
    if channel == Channel.IN_APP and rule.climbs:
        return True
    return chosen.get((rule.code, channel), channel in rule.channels)


def get_absence(by: Actor, absence_id: int, *, lock: bool = False) -> Absence:
    """An absence of his own, or of his team for a manager, or any for an administrator. NotFound otherwise."""
    rows = Absence.objects.select_related("user", "stand_in")
    if lock:
        rows = rows.select_for_update(no_key=True, of=("self",))
    if not by.is_system and by.role != "administrator":
        teams = by.team_ids if by.role == "manager" else []
        rows = rows.filter(Q(user=by.pk) | Q(user__team__in=teams))
    row = rows.filter(pk=absence_id).first()
    if row is None:
        raise NotFound
    return row


def chat_addresses(user: User) -> list[ChatAddress]:
    """The chats he named, oldest first."""
    return list(ChatAddress.objects.filter(user=user).order_by("id"))


def get_chat_address(by: User, address_id: int) -> ChatAddress:
    """One of his own. NotFound otherwise: nobody sees another's."""
    row = ChatAddress.objects.filter(user=by, pk=address_id).first()
    if row is None:
        raise NotFound
    return row


def browsers_of(user: User) -> list[Browser]:
    """The browsers he added, oldest first."""
    return list(Browser.objects.filter(user=user).order_by("id"))


def get_browser(by: User, browser_id: int) -> Browser:
    """One of his own. NotFound otherwise: nobody sees another's."""
    row = Browser.objects.filter(user=by, pk=browser_id).first()
    if row is None:
        raise NotFound
    return row


def absences_of(user: User) -> list[Absence]:
    """The days he is or will be away, soonest first."""
    return list(Absence.objects.filter(user=user, until__gte=today()).select_related("stand_in").order_by("starts_on"))


def all_rules() -> list[ReminderRule]:
    """Every declared rule, app by app, as they were declared."""
    return sorted(RULES.values(), key=_by_app)


def own_rules() -> list[ReminderRule]:
    """The rules an administrator has not switched off."""
    off = {code for code, setting in rule_settings().items() if not setting.is_on}
    return [rule for rule in all_rules() if rule.code not in off]


def _by_app(rule: ReminderRule) -> str:
    return rule.app

"""The demo company's own people: three sales teams under one roof, and one person of every other role."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.hashers import make_password

from core.models import Role, Team, User
from core.teams import add_team
from desk.demo.days import Days

PASSWORD = "keyline-demo"  # noqa: S105  of invented people; the command refuses to load them in production
LOGINS = ("rep", "manager", "director", "finance", "executive", "admin")
"""The accounts a visitor signs in with, each at keyline.example."""

TIDY = "rep"
"""Whose desk can be emptied in a day: nothing of hers is overdue. The others show what happens to the less careful."""

COMPANY = "恒远自动化 Hengyuan Automation"
EAST, NORTH, ABROAD = "华东大客户部", "华北大客户部", "International accounts"

# login, name, role, team, language
STAFF = (
    ("rep", "李娜", Role.REP, EAST, ""),
    ("wang.lei", "王磊", Role.REP, EAST, "zh-hans"),
    ("sun.yue", "孙悦", Role.REP, EAST, "zh-hans"),
    ("zhao.min", "赵敏", Role.REP, NORTH, "zh-hans"),
    ("liu.yang", "刘洋", Role.REP, NORTH, "zh-hans"),
    ("chen.jie", "陈杰", Role.REP, NORTH, "zh-hans"),
    ("anna.becker", "Anna Becker", Role.REP, ABROAD, "en"),
    ("david.tan", "David Tan", Role.REP, ABROAD, "en"),
    ("manager", "张伟", Role.MANAGER, EAST, ""),
    ("zhou.jing", "周静", Role.MANAGER, NORTH, "zh-hans"),
    ("maria.rossi", "Maria Rossi", Role.MANAGER, ABROAD, "en"),
    ("director", "郑国强", Role.MANAGER, COMPANY, ""),
    ("finance", "钱芳", Role.FINANCE, COMPANY, ""),
    ("executive", "吴建国", Role.EXECUTIVE, COMPANY, ""),
    ("admin", "何敏", Role.ADMINISTRATOR, COMPANY, ""),
)


@dataclass(frozen=True)
class Staff:
    """The people by what they do."""

    everyone: dict[str, User]
    reps_at_home: list[User]
    reps_abroad: list[User]
    manager_of: dict[int, User]

    def __getitem__(self, login: str) -> User:
        return self.everyone[login]


def hire(days: Days) -> Staff:
    """The team tree and its people."""
    root = add_team(name=COMPANY)
    teams: dict[str, Team] = {COMPANY: root}
    for name in (EAST, NORTH, ABROAD):
        teams[name] = add_team(name=name, parent=root)
    hashed = make_password(PASSWORD)  # once: hashing is slow on purpose
    users = User.objects.bulk_create(
        User(
            email=f"{login}@keyline.example", full_name=name, role=role, team=teams[team], language=language,
            password=hashed, last_login=days.early(days.ago(number % 4 + 1)) + timedelta(hours=8, minutes=number * 7),
        )
        for number, (login, name, role, team, language) in enumerate(STAFF)
    )  # fmt: skip
    everyone = {user.email.partition("@")[0]: user for user in users}
    reps = [user for user in users if user.role == Role.REP]
    return Staff(
        everyone=everyone,
        reps_at_home=[user for user in reps if user.team_id != teams[ABROAD].pk],
        reps_abroad=[user for user in reps if user.team_id == teams[ABROAD].pk],
        manager_of={user.team_id: user for user in users if user.role == Role.MANAGER and user.team_id is not None},
    )

"""Two programs with one record: the later one is told, with the record as it is now (T5)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from accounts.models import Account
from core.models import Role, User
from core.teams import add_team
from core.tokens import make_token
from tests.cast import person
from tests.factories import make_account


def program(user: User) -> Client:
    return Client(headers={"Authorization": f"Bearer {make_token(user, 'test')[1]}"})


@pytest.fixture
def account(rep: User) -> Account:
    return make_account(rep, "华为")


@pytest.fixture
def client(rep: User) -> Client:
    return program(rep)


def edit(client: Client, account: Account, tag: str | None = None, **changes: object):  # type: ignore[no-untyped-def]
    headers = {"If-Match": tag} if tag is not None else {}
    return client.patch(f"/api/v1/accounts/{account.pk}/", changes, content_type="application/json", headers=headers)


def test_an_answer_carries_its_version(client: Client, account: Account) -> None:
    answer = client.get(f"/api/v1/accounts/{account.pk}/")
    assert answer["ETag"] == '"1"'
    assert edit(client, account, '"1"', city="深圳")["ETag"] == '"2"'


def test_what_one_has_already_is_not_sent_again(client: Client, account: Account) -> None:
    answer = client.get(f"/api/v1/accounts/{account.pk}/", headers={"If-None-Match": '"1"'})
    assert (answer.status_code, answer.content) == (304, b"")


@pytest.mark.parametrize("tag", ['"1"', '"7"', '"nonsense"', "é", '"99999999999999999999"'])
def test_a_version_that_is_not_the_present_one_is_412_with_the_present_one(
    tag: str, client: Client, account: Account
) -> None:
    edit(client, account, city="深圳")
    answer = edit(client, account, tag, city="上海")
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], answer["ETag"]) == (412, "precondition_failed", '"2"')
    assert error["details"]["current"]["city"] == "深圳"
    account.refresh_from_db()
    assert account.city == "深圳"


@pytest.mark.parametrize("tag", [None, "*", '"1"', 'W/"1"', "1"])
def test_no_version_any_version_and_the_present_one_pass(tag: str | None, client: Client, account: Account) -> None:
    assert edit(client, account, tag, city="上海").status_code == 200


@pytest.mark.slow
def test_of_many_edits_at_once_none_is_lost(transactional_db: None) -> None:
    """T5: 16 programs, 400 edits, each one more than the number it read: what was accepted counts, the rest was told."""
    rep = person("Li Lei", Role.REP, add_team(name="North"))
    account = make_account(rep, "华为", employees=0)
    keys = [make_token(rep, f"program {number}")[1] for number in range(16)]

    def work(key: str) -> list[int]:
        client = Client(headers={"Authorization": f"Bearer {key}"})
        try:
            return [add_one(client) for _ in range(25)]
        finally:
            connection.close()

    def add_one(client: Client) -> int:
        now = client.get(f"/api/v1/accounts/{account.pk}/")
        return int(edit(client, account, now["ETag"], employees=now.json()["employees"] + 1).status_code)

    with ThreadPoolExecutor(16) as threads:
        answers = [status for statuses in threads.map(work, keys) for status in statuses]
    accepted = answers.count(200)
    account.refresh_from_db()
    assert set(answers) == {200, 412}, "somebody was late, and nothing else happened"
    assert (account.employees, account.version) == (accepted, accepted + 1)

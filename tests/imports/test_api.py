"""/api/v1/imports/: bring a file, map it, check it, run it, fetch what was refused. The same rights as the wizard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Account
from core.imports import actions
from core.models import ImportJob, User

pytestmark = pytest.mark.django_db
URL = "/api/v1/imports/"
CONTENT = "公司,城市,员工人数\n华为,深圳,195000\n中兴,深圳,many\n".encode()


@pytest.fixture
def upload(as_user) -> Callable[..., Any]:
    def upload(user: User, content: bytes = CONTENT, name: str = "firms.csv", **given: Any) -> Any:
        return as_user(user).post(URL, {"file": SimpleUploadedFile(name, content), **given})

    return upload


@pytest.fixture
def post(as_user) -> Callable[..., Any]:
    def post(user: User, path: str, body: dict[str, Any] | None = None) -> Any:
        return as_user(user).post(URL + path, body or {}, content_type="application/json")

    return post


def test_a_file_goes_all_the_way(as_user, upload, post, rep):
    brought = upload(rep, target="accounts")
    assert brought.status_code == 201, brought.content
    job = brought.json()
    assert (job["state"], job["mapping"]["columns"]["员工人数"]) == ("read", "employees")

    mapped = post(rep, f"{job['id']}/map/", {"columns": {"公司": "name", "员工人数": "employees"}, "key": "name"})
    assert (mapped.status_code, mapped.json()["mapping"]["key"]) == (200, "name")

    assert post(rep, f"{job['id']}/check/").status_code == 202
    actions.work_on_import(job["id"])
    checked = as_user(rep).get(f"{URL}{job['id']}/").json()
    assert (checked["state"], checked["report"]["counts"]["created"], Account.objects.count()) == ("checked", 1, 0)

    assert post(rep, f"{job['id']}/run/").status_code == 202
    assert as_user(rep).get(f"{URL}{job['id']}/status/").json()["state"] == "running"
    actions.work_on_import(job["id"])
    assert as_user(rep).get(f"{URL}{job['id']}/status/").json() == {"state": "done", "phase": "", "done": 0, "rows": 2}
    account = Account.objects.get()
    assert (account.name, account.employees, account.city) == ("华为", 195_000, "")

    refused = as_user(rep).get(f"{URL}{job['id']}/refused/")
    assert refused["Content-Disposition"] == 'attachment; filename="refused.csv"'
    lines = b"".join(refused.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0] == "公司,城市,员工人数,Refused because"
    assert lines[1].startswith("中兴,深圳,many,")


def test_the_target_is_proposed_and_may_be_changed(upload, post, rep):
    job = upload(rep).json()
    assert job["target"] == "accounts"
    answer = post(rep, f"{job['id']}/map/", {"target": "contacts", "columns": {"公司": "account"}, "key": "none"})
    assert answer.status_code == 422  # a contact needs a name
    answer = post(rep, f"{job['id']}/map/", {"target": "contacts", "columns": {"公司": "full_name"}, "key": "none"})
    assert (answer.status_code, answer.json()["target"]) == (200, "contacts")


def test_a_colleagues_import_does_not_exist(as_user, upload, post, rep, colleague, administrator):
    job = upload(rep).json()
    for path in ("check/", "run/", "map/"):
        assert post(colleague, f"{job['id']}/{path}").status_code == 404
    for path in ("", "status/", "refused/"):
        assert as_user(colleague).get(f"{URL}{job['id']}/{path}").status_code == 404
    assert as_user(colleague).delete(f"{URL}{job['id']}/").status_code == 404
    assert as_user(colleague).get(URL).json()["results"] == []
    assert [row["id"] for row in as_user(administrator).get(URL).json()["results"]] == [job["id"]]


def test_who_may_not_import_is_told_so(upload, executive):
    assert upload(executive).status_code == 403
    assert not ImportJob.objects.exists()


def test_what_cannot_work_is_refused_with_a_sentence(upload, post, rep):
    assert upload(rep, b"").status_code in {400, 422}
    picture = upload(rep, b"\x89PNG\r\n\x1a\n" + bytes(40), "firms.csv")
    assert picture.status_code == 422
    assert "picture" in picture.content.decode()
    job = upload(rep, target="accounts").json()
    unknown = post(rep, f"{job['id']}/map/", {"columns": {"公司": "colour"}})
    assert unknown.status_code == 422
    assert "There is no field “colour”" in str(unknown.json())
    keyless = post(rep, f"{job['id']}/map/", {"columns": {"公司": "name"}, "key": "code"})
    assert keyless.status_code == 422


def test_a_file_without_refused_rows_has_none_to_fetch(as_user, upload, post, rep):
    job = upload(rep, b"name,city\nAcme,Rome\n").json()
    post(rep, f"{job['id']}/run/")
    actions.work_on_import(job["id"])
    assert as_user(rep).get(f"{URL}{job['id']}/refused/").status_code == 404


def test_a_file_is_thrown_away(as_user, upload, rep):
    job = upload(rep).json()
    assert as_user(rep).delete(f"{URL}{job['id']}/").status_code == 204
    assert as_user(rep).get(f"{URL}{job['id']}/").status_code == 404

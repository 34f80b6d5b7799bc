"""The command: the same import, a summary in JSON."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Account
from tests.imports.conftest import MAPPINGS, data_file


def import_file(*arguments: Any) -> dict[str, Any]:
    out = StringIO()
    call_command("import_file", *map(str, arguments), stdout=out)
    summary: dict[str, Any] = json.loads(out.getvalue())
    return summary


def test_a_file_with_known_headings_needs_no_mapping(administrator, tmp_path):
    file = tmp_path / "firms.csv"
    file.write_text("公司名称;城市;员工人数\n华为技术有限公司;深圳;195000\n中兴通讯;深圳;7万\n", "utf-8")
    first = import_file("accounts", file)
    assert (first["created"], first["refused"], first["refused_file"]) == (2, 0, None)
    assert Account.objects.get(name="中兴通讯").employees == 70_000
    again = import_file("accounts", file)
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, 2)


def test_a_dry_run_writes_nothing(administrator, tmp_path):
    file = tmp_path / "firms.csv"
    file.write_text("name,employees\nAcme,12\nBeta,many\n", "utf-8")
    summary = import_file("accounts", file, "--dry-run")
    assert (summary["created"], summary["refused"], Account.objects.count()) == (1, 1, 0)
    assert "“many” is not a number" in Path(summary["refused_file"]).read_text("utf-8-sig")


def test_the_fitting_mapping_of_a_data_set_is_taken(administrator):
    path = data_file("cn-listed-companies/上市公司_20250114.csv")
    summary = import_file(
        "accounts", path, "--mapping", MAPPINGS / "cn-listed-companies.json", "--by", administrator.email
    )
    assert summary["created"] == 1_041


def test_existing_records_may_be_left_alone(administrator, tmp_path):
    file = tmp_path / "firms.csv"
    file.write_text("name,city\nAcme,Rome\n", "utf-8")
    import_file("accounts", file)
    file.write_text("name,city\nAcme,Paris\n", "utf-8")
    assert import_file("accounts", file, "--existing", "skip")["skipped"] == 1
    assert Account.objects.get().city == "Rome"
    assert import_file("accounts", file)["updated"] == 1
    assert Account.objects.get().city == "Paris"


def test_what_cannot_work_is_said_in_one_sentence(administrator, tmp_path):
    file = tmp_path / "firms.csv"
    file.write_text("", "utf-8")
    with pytest.raises(CommandError, match="The file is empty"):
        import_file("accounts", file)
    with pytest.raises(CommandError, match="There is no target"):
        import_file("nothing", file)

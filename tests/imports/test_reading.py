"""Reading: encodings, dialects, headings, spreadsheets. No database."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path

import pytest

from core.imports.charsets import detect_encoding
from core.imports.dates import DateError, to_date
from core.imports.numbers import NumberError, currency_shown_by, mark_shown_by, to_decimal
from core.imports.problems import UnreadableFile
from core.imports.reading import BadRow, open_table
from tests.imports.conftest import DATA, data_file

POLLUTED = "csv-messy/pollock/polluted"
SIMPLIFIED = "公司名称,城市\n华为技术有限公司,深圳\n昇辉科技股份有限公司,佛山\n"
TRADITIONAL = "公司名稱,城市\n臺灣水泥股份有限公司,臺北\n鴻海精密工業股份有限公司,新北\n"
WESTERN = "Société,Ville\nCafé Müller,Orléans\nNiño y Cía,A Coruña – Galicia\n"


@pytest.fixture(autouse=True)
def private_media() -> None:
    """Nothing is kept here."""


@pytest.mark.parametrize(
    ("text", "encoding", "expected"),
    [
        (SIMPLIFIED, "gbk", "gb18030"),
        (SIMPLIFIED, "utf-8", "utf-8"),
        (SIMPLIFIED, "utf-8-sig", "utf-8-sig"),
        (SIMPLIFIED, "utf-16", "utf-16"),
        (SIMPLIFIED, "utf-16-le", "utf-16-le"),
        (SIMPLIFIED, "utf-32-be", "utf-32-be"),
        (TRADITIONAL, "cp950", "cp950"),
        (TRADITIONAL, "gb18030", "gb18030"),
        (WESTERN, "cp1252", "cp1252"),
        (WESTERN, "utf-16-be", "utf-16-be"),
        ("name\n李\n", "gbk", "gb18030"),
    ],
)
def test_encodings_are_recognised_by_what_they_give(tmp_path, text, encoding, expected):
    file = tmp_path / "file.csv"
    file.write_bytes(text.encode(encoding))
    assert detect_encoding(file).name == expected


@pytest.mark.parametrize(
    "name",
    [
        "source", "file_field_delimiter_0x9", "file_field_delimiter_0x3B", "file_field_delimiter_0x2C_0x20", "file_quotation_char_0x27",
        "file_escape_char_0x5C", "file_escape_char_0x00", "file_record_delimiter_0xD", "file_record_delimiter_0xA", "file_preamble",
        "file_header_multirow_2", "file_header_multirow_3", "file_no_trailing_newline", "file_double_trailing_newline",
    ],
)  # fmt: skip
def test_the_same_83_rows_come_out_however_they_are_written(tmp_path, name):
    expected = list(open_table(data_file(f"{POLLUTED}/source.csv"), tmp_path).rows())
    table = open_table(data_file(f"{POLLUTED}/{name}.csv"), tmp_path)
    rows = [row[1] for row in table.rows() if not isinstance(row, BadRow)]
    if name == "file_quotation_char_0x27":  # the double quotes inside its cells were left as they had been
        rows = [[cell.replace('""', '"') for cell in row] for row in rows]
    assert rows == [row[1] for row in expected]
    assert table.layout.columns[0] == "DATE"


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("row_less_sep_row28_col1", 29), ("row_less_sep_row50_col1", 51), ("row_more_sep_row18_col7", 19), ("row_more_sep_row39_col0", 40),
        ("row_field_delimiter_4_0x20", 5), ("row_extra_quote2_col2", 3), ("row_extra_quote6_col6", 7),
    ],
)  # fmt: skip
def test_the_one_bad_row_is_reported_by_its_number(tmp_path, name, number):
    rows = list(open_table(data_file(f"{POLLUTED}/{name}.csv"), tmp_path).rows())
    assert [row.number for row in rows if isinstance(row, BadRow)] == [number]
    assert sum(1 for row in rows if not isinstance(row, BadRow)) == 82


@pytest.mark.parametrize("name", sorted(path.stem for path in (DATA / "csv-messy/csv-spectrum/json").glob("*.json")))
def test_csv_spectrum(tmp_path, name):
    table = open_table(data_file(f"csv-messy/csv-spectrum/csvs/{name}.csv"), tmp_path)
    expected = json.loads(data_file(f"csv-messy/csv-spectrum/json/{name}.json").read_text("utf-8"))
    rows = [dict(zip(table.layout.columns, row[1], strict=True)) for row in table.rows() if not isinstance(row, BadRow)]
    assert rows == [{key: value.replace("\r\n", "\n") for key, value in row.items()} for row in expected]


def test_an_unclosed_quote_costs_one_row_only(tmp_path):
    lines = [f"{number},name {number}" for number in range(2_000)]
    lines[10] = '10,"name 10'
    file = tmp_path / "file.csv"
    file.write_text("id,name\n" + "\n".join(lines), "utf-8")
    assert sum(1 for row in open_table(file, tmp_path).rows() if not isinstance(row, BadRow)) >= 1_999


@pytest.mark.parametrize(
    ("name", "rows", "columns"),
    [("cn-listed-companies/A股列表.xlsx", 2_875, 22), ("cn-listed-companies/GPLIST.xls", 1_696, 6)],
)
def test_workbooks_are_read_as_text(tmp_path, name, rows, columns):
    table = open_table(data_file(name), tmp_path)
    assert (sum(1 for _row in table.rows()), len(table.layout.columns)) == (rows, columns)


@pytest.mark.parametrize("name", ["1900_Calendar.xlsx", "1904_Calendar.xlsx", "1900_Calendar.xls", "1904_Calendar.xls"])
def test_both_epochs_give_the_same_days(tmp_path, name):
    table = open_table(data_file(f"xlsx-messy/phpspreadsheet/{name}"), tmp_path)
    assert [row[1][0] for row in table.rows() if not isinstance(row, BadRow)] == ["2022-01-01", "2022-12-31"]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("messytables/encrypted_no_password.xls", "encrypted"),
        ("phpspreadsheet/pwtest.xls", "encrypted"),
        ("phpspreadsheet/oleloop.xls", "too_big_for_memory"),
        ("phpspreadsheet/utf16be.xlsx", "corrupt"),
    ],
)
def test_locked_and_broken_workbooks_end_in_a_sentence(tmp_path, name, code):
    with pytest.raises(UnreadableFile) as problem:
        open_table(data_file(f"xlsx-messy/{name}"), tmp_path)
    assert problem.value.code == code
    assert len(str(problem.value)) > 20


def test_a_zip_bomb_is_not_opened(tmp_path):
    import zipfile

    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 120_000_000)
    with pytest.raises(UnreadableFile) as problem:
        open_table(bomb, tmp_path)
    assert problem.value.code == "zip_bomb"


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("2016-10-20", None, "2016-10-20"), ("20-10-2016", None, "2016-10-20"), ("10/20/2016", None, "2016-10-20"),
        ("01-03-2017", "dmy", "2017-03-01"), ("3/1/2017", "mdy", "2017-03-01"), ("19991110", None, "1999-11-10"),
        ("30-Mar-2026", None, "2026-03-30"), ("09-Mar-11", None, "2011-03-09"), ("Jan 28 2021", None, "2021-01-28"),
        ("2026年3月1日", None, "2026-03-01"), ("2024-08-13T18:04:34.666+00:00", None, "2024-08-13"), ("45291", None, "2023-12-31"),
        ("２０２６／１／１８", None, "2026-01-18"), ("2025/12/03  14:06:51", None, "2025-12-03"), ("28.2.2026", "dmy", "2026-02-28"),
    ],
)  # fmt: skip
def test_dates(text, order, expected):
    assert to_date(text, order)[0] == dt.date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("text", "order", "code"),
    [
        ("01-03-2017", None, "date_ambiguous"),
        ("2026-02-31", None, "no_such_day"),
        ("soon", None, "not_a_date"),
        ("03/14/2026", "dmy", "date_order"),
    ],
)
def test_dates_that_are_not_guessed(text, order, code):
    with pytest.raises(DateError) as error:
        to_date(text, order)
    assert error.value.code == code


@pytest.mark.parametrize(
    ("text", "mark", "expected"),
    [
        ("1,234.50", ".", "1234.50"), ("1.234,50", ",", "1234.50"), ("($400.00)", ".", "-400.00"), ("$-142.85", ".", "-142.85"),
        ("$13.50 ", ".", "13.50"), ("£68,486.66", ".", "68486.66"), ("3.5万", ".", "35000"), ("1.2亿", ".", "120000000"), ("１２３", ".", "123"),
        ("19,405,918,198", ".", "19405918198"), ("¥1,020.00", ".", "1020"), ("100元", ".", "100"), ("1 234,5", ",", "1234.5"), ("-5", ".", "-5"),
    ],
)  # fmt: skip
def test_numbers(text, mark, expected):
    assert to_decimal(text, mark) == Decimal(expected)


@pytest.mark.parametrize("text", ["abc", "1.2.3.4", "12 apples", "1,23.4", "--5"])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(NumberError):
        to_decimal(text, ".")


def test_marks_and_currencies_are_shown_by_the_numbers():
    assert mark_shown_by("1,234.50") == (".", None)
    assert mark_shown_by("1.234,50") == (",", None)
    assert mark_shown_by("1,234") == (None, ".")
    assert mark_shown_by("12,5") == (",", None)
    assert [currency_shown_by(text) for text in ("£5", "HK$5", "5元", "5")] == ["GBP", "HKD", "CNY", None]


def test_data_is_where_it_is_said_to_be():
    assert isinstance(DATA, Path)

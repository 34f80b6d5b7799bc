"""What can be wrong with a file as a whole: one code, one sentence for a person.

The reading modules raise `UnreadableFile` with a code and know no language; the sentence is made when it is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Promise | str] = {
    "empty": _("The file is empty: there is nothing in it to import."),
    "no_rows": _("The file has a header line but no rows below it."),
    "too_large": _("The file is larger than %(limit)s MB. Split it and import the parts one after the other."),
    "too_many_columns": _("The file has more than %(limit)s columns. Remove those you do not need."),
    "not_a_table": _("This is not a table of text: the file holds binary data. Save it as CSV or XLSX."),
    "encoding": _("The characters of this file could not be recognised. Save it as CSV in UTF-8 and try again."),
    "pdf": _("This is a PDF. Export the table as CSV or XLSX instead."),
    "image": _("This is a picture. Export the table as CSV or XLSX instead."),
    "archive": _("This is an archive. Unpack it and choose the table inside."),
    "document": _("This is a text document or a presentation. Save the table in it as XLSX or CSV."),
    "web_page": _("This is a web page that only bears the name of a spreadsheet. Open it and save it as XLSX or CSV."),
    "spreadsheet_xml": _("This is an old XML spreadsheet. Open it and save it as XLSX or CSV."),
    "encrypted": _("The workbook is protected by a password. Remove the password, save it and choose it again."),
    "corrupt": _(
        "The workbook is damaged and could not be opened. Open it in a spreadsheet program, save it again and retry."
    ),
    "zip_bomb": _("The workbook unpacks to far more than its size. It was not opened, for safety."),
    "too_slow": _("Reading the workbook took too long and was stopped. Save the table as CSV and import that."),
    "too_big_for_memory": _("The workbook needs too much memory. Save the table as CSV and import that."),
    "no_sheet": _("The workbook has no sheet called “%(sheet)s”."),
    "no_visible_rows": _("No sheet of the workbook has any cells."),
    "ours": _(
        "Something went wrong on our side and nothing was imported. Try again; if it stays, tell your administrator."
    ),
}


NOTES: dict[str, Promise] = {}
"""What an app's own hooks tell about a check or run that refuses no row: code → sentence."""


def declare_notes(notes: Mapping[str, Promise]) -> None:
    """Add the notes of an app: a sentence may name %(rows)s, %(names)s and whatever else was given to `Run.note`."""
    NOTES.update(notes)


class UnreadableFile(Exception):
    """The file cannot be read as a table. `str()` gives the sentence for a person."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        """The sentence, in the language that is active now."""
        return str(SENTENCES[self.code]) % self.params

    @property
    def kept(self) -> dict[str, Any]:
        """What an import keeps of it, so that everybody reads it in the language of his own: see `problem_sentence`."""
        return {"problem": {"code": self.code, "params": self.params}}


def problem_sentence(problem: str, report: Mapping[str, Any]) -> str:
    """Why an import failed, in the language that is active now; what was kept only as a sentence stays as it was said."""
    kept = report.get("problem") or {}
    if kept.get("code") not in SENTENCES:
        return problem
    return str(UnreadableFile(kept["code"], **kept.get("params", {})))

"""Spreadsheets (XLSX, XLSM, XLSB, XLS, ODS): told from other files by their bytes, opened in a guarded child process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.imports.problems import UnreadableFile

CHILD = Path(__file__).with_name("workbook_child.py")
WALL_SECONDS = 90
MAX_UNPACKED = 1_500_000_000
MAX_RATIO = 100
RATIO_COUNTS_FROM = 50_000_000

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
FOREIGN = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"\x1f\x8b", "archive"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"),
)


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook."""

    name: str
    hidden: bool


@dataclass(frozen=True)
class ConvertedSheet:
    """A sheet written out as UTF-8 CSV, and what other sheets there are."""

    path: Path
    name: str
    sheets: list[Sheet]


def is_workbook(path: Path) -> bool:
    """True for a spreadsheet, False for text; any other kind of file raises its own sentence."""
    with path.open("rb") as file:
        start = file.read(4096)
    if start.startswith(OLE):
        return True
    if start.startswith(b"PK\x03\x04"):
        _check_archive(path)
        return True
    for magic, code in FOREIGN:
        if start.startswith(magic):
            raise UnreadableFile(code)
    head = start.lstrip(b"\xef\xbb\xbf \r\n\t")[:1024].lower()
    if head.startswith((b"<!doctype html", b"<html", b"<table", b"<meta", b"<style")):
        raise UnreadableFile("web_page")
    if head.startswith(b"<?xml") and b"urn:schemas-microsoft-com:office:spreadsheet" in head:
        raise UnreadableFile("spreadsheet_xml")
    return False


def _check_archive(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise UnreadableFile("corrupt") from error
    names = {member.filename.replace("\\", "/").lower() for member in members}
    if any(name.startswith(("word/", "ppt/")) for name in names):
        raise UnreadableFile("document")
    if not any(name.startswith("xl/") or name in {"content.xml", "mimetype"} for name in names):
        raise UnreadableFile("archive")
    unpacked = sum(member.file_size for member in members)
    if unpacked > MAX_UNPACKED or (unpacked > RATIO_COUNTS_FROM and unpacked > MAX_RATIO * path.stat().st_size):
        raise UnreadableFile("zip_bomb")


def convert_sheet(path: Path, sheet: str | None, target: Path) -> ConvertedSheet:
    """Write one sheet (by name, or the first visible one that has cells) to `target` as CSV."""
    command = [sys.executable, "-I", str(CHILD), str(path), str(target), *([sheet] if sheet else [])]
    environment = {
        name: value for name, value in os.environ.items() if name in {"PATH", "LANG", "TZ", "LD_LIBRARY_PATH"}
    }
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=WALL_SECONDS,
            env={**environment, "PYTHONUTF8": "1"},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise UnreadableFile("too_slow") from error
    answer = _parse_answer(done)
    if "problem" in answer:
        raise UnreadableFile(answer["problem"], sheet=sheet or "")
    return ConvertedSheet(target, answer["sheet"], [Sheet(**found) for found in answer["sheets"]])


def _parse_answer(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """What the child printed; a child that died says what it died of by its signal."""
    if done.returncode == 0:
        answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return answer
    if done.returncode == -24:  # SIGXCPU
        return {"problem": "too_slow"}
    if "memory allocation" in done.stderr or done.returncode == -9:
        return {"problem": "too_big_for_memory"}
    return {"problem": "corrupt"}

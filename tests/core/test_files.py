"""Photos and files: looked at by content, drawn anew, given out to who may see the record, gone when removed."""

from __future__ import annotations

import os
import struct
import time
import zipfile
import zlib
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from core.errors import DomainError, NotAllowed, NotFound
from core.files import storage
from core.files.actions import add_file, remove_file
from core.models import Attachment, AuditEvent
from core.tasks import tidy
from tests.factories import make_account, make_visit

pytestmark = pytest.mark.django_db
GPS, ORIENTATION, MAKER = 0x8825, 0x0112, 0x010F


@pytest.fixture(autouse=True)
def private_media(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def jpeg(width=400, height=200):
    """A photo that was held sideways, with the place and the maker in it."""
    image = Image.new("RGB", (width, height), "#d99a00")
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKER] = 6, "CANARY"
    exif[GPS] = {1: "N", 2: (31.0, 13.0, 48.0), 3: "E", 4: (121.0, 28.0, 12.0)}
    out = BytesIO()
    image.save(out, "JPEG", exif=exif, comment=b"CANARY")
    return out.getvalue()


def huge_png():
    """A header that promises 3,600 million pixels."""
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))  # noqa: E731
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


def zipped(**parts):
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml").replace("_bin", ".bin"), content)
    return out.getvalue()


def docx(**more):
    return zipped(**{"[Content_Types]_xml": b"<Types/>", "word__document_xml": b"<w/>", **more})


def put(by, record, name, content):
    return add_file(
        by=by,
        record_type=record._meta.label_lower,
        record_id=record.pk,
        name=name,
        size=len(content),
        content=BytesIO(content),
    )


@pytest.fixture
def visit(rep):
    return make_visit(rep, make_account(rep))


def test_a_photo_is_upright_and_says_nothing_but_its_picture(rep, visit):
    kept = put(rep, visit, "IMG_1.JPG", jpeg())
    content = storage.path_of(kept.place).read_bytes()
    assert b"CANARY" not in content and b"Exif" not in content
    image = Image.open(BytesIO(content))
    assert not dict(image.getexif())
    assert (image.size, kept.width, kept.height, kept.name) == ((200, 400), 200, 400, "IMG_1.jpg")
    assert max(Image.open(storage.path_of(kept.small_place)).size) == 360
    assert oct(storage.path_of(kept.place).stat().st_mode)[-3:] == "600"
    event = AuditEvent.objects.get(code="core.file_added")
    assert (event.target_type, event.target_id, event.account_id) == ("relationships.visit", visit.pk, visit.account_id)


def test_a_large_photo_is_kept_smaller(rep, visit):
    kept = put(rep, visit, "x.jpg", jpeg(4000, 3000))
    assert (kept.width, kept.height) == (1920, 2560)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.jpg", b"<html><script>alert(1)</script>", "Files of this kind are not taken"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "Files of this kind are not taken"),
        ("a.txt", b"  <!DOCTYPE html><p>", "Files of this kind are not taken"),
        ("a.exe", b"MZ\x90\x00", "Files of this kind are not taken"),
        ("a.heic", b"\0\0\0\x18ftypheic\0\0\0\0", "Save it as JPEG first"),
        ("a.jpg", b"\xff\xd8\xff\xe0broken", "damaged"),
        ("a.png", huge_png(), "more than 50 million pixels"),
        ("a.docx", docx(word__media_bin=b"\0" * 30_000_000), "unpacks to far more"),
        ("a.docm", docx(word__vbaProject_bin=b"x"), "macros are not taken"),
        ("a.zip", zipped(a=b"x"), "Archives"),
        ("a.docx", b"PK\x03\x04broken", "damaged"),
        ("a.pdf", b"", "empty"),
    ],
)
def test_what_is_not_what_we_take_is_refused_with_the_reason(rep, visit, name, content, reason):
    with pytest.raises(DomainError, match=reason) as refusal:
        put(rep, visit, name, content)
    assert refusal.value.status == 422
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("Offer.PDF", b"%PDF-1.7 x", "application/pdf"),
        ("../../etc/报价.docx", docx(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("list.csv", "名称,金额\n".encode("gb18030"), "text/csv"),
        ("photo.pdf", jpeg(), "image/jpeg"),
    ],
)
def test_the_content_says_what_it_is_not_the_name(rep, visit, name, content, kind):
    kept = put(rep, visit, name, content)
    assert kept.media_type == kind
    assert "/" not in kept.name and len(kept.place) == 35


def test_size_and_number_have_limits(rep, visit, settings):
    settings.FILE_MEGABYTES = 0
    with pytest.raises(DomainError, match="larger than 0 MB"):
        put(rep, visit, "a.pdf", b"%PDF-1")
    settings.FILE_MEGABYTES, settings.FILES_PER_RECORD = 1, 1
    put(rep, visit, "a.pdf", b"%PDF-1")
    with pytest.raises(DomainError, match="has 1 files already"):
        put(rep, visit, "b.pdf", b"%PDF-1")


def test_another_teams_visit_has_no_files(rep, other_rep, visit, as_user):
    kept = put(rep, visit, "x.jpg", jpeg())
    with pytest.raises(NotFound):
        put(other_rep, visit, "x.jpg", jpeg())
    for address in (f"/files/{kept.pk}/", f"/files/{kept.pk}/small/", f"/files/relationships.visit/{visit.pk}/"):
        assert as_user(other_rep).get(address).status_code == 404
    assert as_user(other_rep).post(f"/files/{kept.pk}/remove/").status_code == 404


def test_a_photo_is_shown_and_a_paper_only_saved(rep, visit, as_user):
    photo, paper = put(rep, visit, "x.jpg", jpeg()), put(rep, visit, "报价.pdf", b"%PDF-1")
    shown, saved = as_user(rep).get(f"/files/{photo.pk}/"), as_user(rep).get(f"/files/{paper.pk}/")
    assert shown["Content-Disposition"].startswith("inline") and shown["Content-Type"] == "image/jpeg"
    assert saved["Content-Disposition"].startswith("attachment") and b"".join(saved.streaming_content) == b"%PDF-1"
    for answer in (shown, saved):
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"] and "private" in answer["Cache-Control"]
    assert as_user(rep).get(f"/files/{paper.pk}/small/").status_code == 404


def test_removing_takes_the_file_away_and_says_so(rep, manager, collector, visit, django_capture_on_commit_callbacks):
    kept = put(rep, visit, "x.jpg", jpeg())
    with pytest.raises(NotAllowed):
        remove_file(by=collector, file_id=kept.pk)
    with django_capture_on_commit_callbacks(execute=True):
        remove_file(by=manager, file_id=kept.pk)
    assert not storage.path_of(kept.place).exists() and not storage.path_of(kept.small_place).exists()
    assert AuditEvent.objects.get(code="core.file_removed").details["file"] == "x.jpg"
    with pytest.raises(NotFound):
        remove_file(by=manager, file_id=kept.pk)


def test_the_night_removes_files_of_no_record(rep, visit):
    kept = put(rep, visit, "x.jpg", jpeg())
    old, young = storage.keep(b"old"), storage.keep(b"young")
    long_ago = time.time() - 2 * 86_400
    for place in (old, kept.place, kept.small_place):
        os.utime(storage.path_of(place), (long_ago, long_ago))
    for _run in range(2):
        tidy(date(2026, 3, 2))
        found = [storage.path_of(place).exists() for place in (old, young, kept.place, kept.small_place)]
        assert found == [False, True, True, True]


def test_of_several_the_good_ones_are_kept_and_the_others_named(rep, visit, as_user):
    sent = [SimpleUploadedFile("good.jpg", jpeg()), SimpleUploadedFile("bad.jpg", b"<html>")]
    place = f"/files/relationships.visit/{visit.pk}/"
    answer = as_user(rep).post(place, {"files": sent, "_once": "k1"}, HTTP_HX_REQUEST="true")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "good.jpg" in page and "bad.jpg: Files of this kind are not taken" in page
    assert [row.name for row in Attachment.objects.all()] == ["good.jpg"]
    none = {"files": [SimpleUploadedFile("bad.jpg", b"<html>")], "_once": "k2"}
    assert as_user(rep).post(place, none, HTTP_HX_REQUEST="true").status_code == 422


def test_the_visits_page_has_its_files_and_costs_no_more(rep, visit, as_user):
    page = as_user(rep).get(visit.get_absolute_url()).content.decode()
    assert f'hx-get="/files/relationships.visit/{visit.pk}/"' in page


def test_files_cost_the_same_however_many(rep, visit, as_user, django_assert_max_num_queries):
    browser, place = as_user(rep), f"/files/relationships.visit/{visit.pk}/"
    put(rep, visit, "a.pdf", b"%PDF-1")
    browser.get(place)
    with django_assert_max_num_queries(8) as asked:
        browser.get(place, HTTP_HX_REQUEST="true")
    for number in range(5):
        put(rep, visit, f"{number}.pdf", b"%PDF-1")
    with django_assert_max_num_queries(len(asked)):
        browser.get(place, HTTP_HX_REQUEST="true")


def test_the_api_adds_lists_hands_out_and_removes(rep, other_rep, visit, as_user):
    browser = as_user(rep)
    about = {"record_type": "relationships.visit", "record_id": visit.pk}
    made = browser.post("/api/v1/files/", {**about, "file": SimpleUploadedFile("a.jpg", jpeg())})
    assert made.status_code == 201, made.content
    address = f"/api/v1/files/{made.json()['id']}/"
    assert [row["name"] for row in browser.get("/api/v1/files/", about).json()["results"]] == ["a.jpg"]
    assert browser.get(f"{address}content/")["Content-Type"] == "image/jpeg"
    refused = browser.post("/api/v1/files/", {**about, "file": SimpleUploadedFile("a.jpg", b"<html>")})
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "file_refused")
    assert as_user(other_rep).get(address).status_code == 404
    assert browser.delete(address).status_code == 204
    assert browser.get(address).status_code == 404


def form_of_a_visit(account, *photos):
    return {
        "account": account.pk, "kind": "visit", "outcome": "They liked the cabinet", "next_step": "Send the offer",
        "next_step_on": "2099-03-02", "minutes": "60", "photos": list(photos),
    }  # fmt: skip


def test_a_visit_is_logged_with_its_photos(rep, as_user):
    account = make_account(rep)
    answer = as_user(rep).post(
        "/prospects/visits/record/", form_of_a_visit(account, SimpleUploadedFile("a.jpg", jpeg()))
    )
    assert answer.status_code == 302, answer.content.decode()
    (kept,) = Attachment.objects.all()
    assert (kept.record_type, kept.record_id) == ("relationships.visit", account.visits.get().pk)


def test_a_photo_that_is_none_keeps_the_rest_of_the_visits_form(rep, as_user):
    account = make_account(rep)
    answer = as_user(rep).post(
        "/prospects/visits/record/", form_of_a_visit(account, SimpleUploadedFile("a.jpg", b"<svg>"))
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "a.jpg: Files of this kind are not taken" in page and "They liked the cabinet" in page
    assert not account.visits.exists()

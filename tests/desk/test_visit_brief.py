"""The visit brief (V4): what it says, to whom, and that one page holds it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from borax.calendars.lunardate import LunarDate
from django.test import Client
from django.utils import timezone, translation
from pypdf import PdfReader

from accounts.models import Account, AccountMember
from core.errors import DomainError, NotFound
from core.models import User
from core.workdays import today
from desk.brief.documents import brief_pdf
from desk.brief.queries import fitted, visit_brief
from desk.brief.rules import ROOM, Line, Part, PartKey, doubt_of_quality, fit, in_columns, questions
from dunning.models import Promise
from prospects.choices import Criterion, Stage
from prospects.models import FollowUp, Prospect
from prospects.templatetags.prospects import day_month
from receivables.models import SupplyHold
from relationships.actions import note_birthday
from relationships.models import Contact, ContactChannel, Finding, Position, Visit, VisitAttendee
from reminders.documents import mail_of
from reminders.models import Occurrence
from reminders.queries.desk import TOLD_BY
from tests.factories import make_account, make_contact, make_invoice, make_landmine, make_prospect, make_visit
from tests.reminders.desk import put_on_desk

SignIn = Callable[[User], Client]


def soon() -> datetime:
    return timezone.now() + timedelta(days=2)


def heard(account: Account, kind: str, text: str, days: int = 3) -> None:
    Finding.objects.create(account=account, kind=kind, text=text, at=timezone.now() - timedelta(days=days))


@pytest.fixture
def visit(rep: User) -> Visit:
    """The day after tomorrow, at an account of which much is known."""
    account = make_account(rep, "Acme", industry="Steel")
    wu = make_contact(rep, account, "Wu Gang", salutation="吴总", notes="CANARY likes tea")
    Position.objects.filter(contact=wu).update(title="Plant manager", roles=["decider"])
    ContactChannel.objects.create(contact=wu, kind="mobile", value="139 0000 0001", compact="13900000001")
    make_landmine(account)
    make_invoice(account, "1000.00", due_on=today() - timedelta(days=20))
    Promise.objects.create(
        account=account, said_by="Ms Lin", currency="CNY", amount=Decimal(400), made_on=today(), last_due_on=today() + timedelta(days=9)
    )  # fmt: skip
    for kind in ("complaint", "need", "objection", "competitor"):
        heard(account, kind, f"Heard {kind}")
    done = datetime(2026, 3, 2, 2, tzinfo=UTC)
    make_visit(
        rep, account, at=done, recorded_at=done, outcome="They want a sample", next_step="Send the sample",
        next_step_on=today() - timedelta(days=1),
    )  # fmt: skip
    card = make_prospect(rep, account, "Line 2", stage=Stage.C, amount=Decimal(900), next_step="Talk price")
    planned = make_visit(rep, account, at=soon(), purpose="Agree the price")
    VisitAttendee.objects.create(visit=planned, contact=wu)
    FollowUp.objects.create(visit=planned, prospect=card)
    return planned


def said(by: User, visit: Visit) -> dict[str, list[str]]:
    """What the brief says to this person, part by part."""
    return {part.key: [f"{line.text} / {line.note}" for line in part.lines] for part in visit_brief(by, visit.pk).parts}


# ------------------------------------------------------------------ what it says


def test_everything_that_is_known_comes_together(rep: User, visit: Visit) -> None:
    brief = visit_brief(rep, visit.pk)
    told = said(rep, visit)
    assert (brief.goal, brief.goal_from) == ("Agree the price", "")
    assert list(told) == [
        "landmines", "people", "money", "complaints", "promises", "prospects", "questions", "contacts", "needs",
        "objections", "evidence", "competitors",
    ]  # fmt: skip
    assert told["people"] == ["Wu Gang · 吴总 / Plant manager · Decides"]
    assert brief.parts[1].lines[0].phone == "139 0000 0001"
    assert told["money"][0] == "¥1,000.00 overdue / 1 invoice · the oldest 20 days late"
    assert told["money"][1].startswith("¥400.00 promised by ")
    assert told["promises"] == ["Send the sample / Li Lei · 1 day late"]
    assert told["prospects"][0].startswith("C Line 2 · ¥900 / For B: The right person")
    assert told["contacts"][0].endswith("They want a sample / Visit · Li Lei")
    assert told["competitors"][0].startswith("Heard competitor / ")
    assert told["questions"][0] == "Can the one we talk with decide, or who can? / Line 2"
    assert told["questions"][-2:] == ["Who approves the money? / ", "Who could be our coach? / "]


def test_without_a_purpose_the_next_step_is_the_goal(rep: User, visit: Visit) -> None:
    Visit.objects.filter(pk=visit.pk).update(purpose="")
    brief = visit_brief(rep, visit.pk)
    assert (brief.goal, brief.goal_from) == ("Talk price", "Line 2")


def test_where_nobody_is_named_those_who_count_stand(rep: User, visit: Visit) -> None:
    clerk = make_contact(rep, visit.account, "Clerk")
    Position.objects.filter(contact=clerk).update(roles=["user"])
    visit.attendees.all().delete()
    part = visit_brief(rep, visit.pk).part("people")
    assert part is not None
    assert part.title == "Nobody is named yet; those who count"
    assert [line.text for line in part.lines] == ["Wu Gang · 吴总", "Clerk"]


def test_what_was_heard_long_ago_is_no_news(rep: User, visit: Visit) -> None:
    heard(visit.account, "need", "Long ago", days=181)
    assert [line.split(" / ")[0] for line in said(rep, visit)["needs"]] == ["Heard need"]


def test_a_new_account_has_a_short_brief(rep: User) -> None:
    visit = make_visit(rep, make_account(rep), at=soon())
    assert said(rep, visit) == {
        "questions": ["Who decides here? / ", "Who approves the money? / ", "Who could be our coach? / "],
        "evidence": [
            "Not shown here yet: technical exchange, factory tour, demo, exhibition, seminar, training / ",
        ],
    }  # fmt: skip


# ------------------------------------------------------------------ evidence that fits


def bought(rep: User, name: str, on: date, industry: str = "Steel", **values: Any) -> Prospect:
    """A customer of the trade with a sale that was closed."""
    account = make_account(rep, name, industry=industry)
    return make_prospect(rep, account, "A line", stage=Stage.S, outcome="won", closed_on=on, **values)


def test_the_latest_purchases_of_the_trade_are_references(rep: User, other_rep: User, visit: Visit) -> None:
    for year in (2019, 2021, 2022, 2023):
        bought(rep, f"Bought {year}", date(year, 3, 4))
    newest = bought(rep, "Bought twice", date(2025, 1, 2), product="Pump P7")
    make_prospect(rep, newest.account, "Before", stage=Stage.S, outcome="won", closed_on=date(2024, 1, 2))
    bought(rep, "Of another trade", date(2025, 3, 4), industry="Paper")
    bought(other_rep, "Out of sight", date(2025, 3, 4))
    lost = bought(rep, "Lost", date(2025, 3, 4))
    Prospect.objects.filter(pk=lost.pk).update(outcome="lost", stage=Stage.B)
    make_prospect(rep, visit.account, "Their own", stage=Stage.S, outcome="won", closed_on=date(2025, 3, 4))
    assert said(rep, visit)["evidence"][:-1] == [
        "Reference: Bought twice / Pump P7 · bought 2 Jan 2025",
        "Reference: Bought 2023 / A line · bought 4 Mar 2023",
        "Reference: Bought 2022 / A line · bought 4 Mar 2022",
    ]


def test_what_they_were_shown_is_not_offered_again(rep: User, visit: Visit) -> None:
    at = datetime(2024, 5, 6, 2, tzinfo=UTC)
    for kind in ("tour", "technical", "meal"):
        make_visit(
            rep, visit.account, kind=kind, at=at, recorded_at=at, outcome="x", next_step="y", next_step_on=today()
        )
    make_visit(rep, visit.account, kind="seminar", at=soon())
    Visit.objects.filter(pk=visit.pk).update(kind="demo")
    assert said(rep, visit)["evidence"] == [
        "Not shown here yet: exhibition, seminar, training / Seen: factory tour 6 May 2024, technical exchange 6 May 2024"
    ]


def test_a_doubt_of_the_quality_comes_first(rep: User, visit: Visit) -> None:
    heard(visit.account, "objection", "交货太慢")
    heard(visit.account, "objection", "担心质量不稳定")
    first, *_others = visit_brief(rep, visit.pk).part("evidence").lines  # type: ignore[union-attr]
    assert (first.text, first.tone) == ("They doubt the quality: “担心质量不稳定”", "warn")
    Finding.objects.filter(text="担心质量不稳定").delete()
    assert "doubt" not in str(said(rep, visit)["evidence"])


@pytest.mark.parametrize(
    ("objection", "doubts"),
    [
        ("Two pumps broke last year", True),
        ("UNRELIABLE bearings", True),
        ("听说quality不行", True),
        ("Your default payment terms are too strict", False),
        ("They buy through a broker", False),
    ],
)
def test_words_that_only_look_like_it_doubt_nothing(objection: str, doubts: bool) -> None:
    assert doubt_of_quality([objection]) == (objection if doubts else "")


# ------------------------------------------------------------------ birthdays near


def born(contact: Contact, days: int, visit: Visit, **values: Any) -> date:
    """A birthday so many days after the visit, by the solar calendar unless told otherwise; the day."""
    day = timezone.localdate(visit.at) + timedelta(days=days)
    given: dict[str, Any] = {"calendar": "solar", "month": day.month, "day": day.day}
    note_birthday(by=contact.owner, contact_id=contact.pk, **given | values)
    return day


def test_birthdays_near_the_visit_stand_after_whom_we_meet(rep: User, visit: Visit) -> None:
    wu, near, far, lunar = (Contact.objects.get(full_name="Wu Gang"), *(make_contact(rep, visit.account, name) for name in ("Near", "Far", "Lunar")))  # fmt: skip
    days = [born(wu, 9, visit), born(near, -1, visit)]
    born(far, 15, visit)
    eve = LunarDate.from_solar(timezone.localdate(visit.at))
    born(lunar, 0, visit, calendar="leap" if eve.leap else "lunar", month=eve.month, day=eve.day)
    brief = visit_brief(rep, visit.pk)
    assert [part.key for part in brief.parts][1:3] == ["people", "birthdays"]
    assert said(rep, visit)["birthdays"] == [
        f"Wu Gang · {day_month(days[0])} / 9 days after the visit",
        f"Lunar · {day_month(timezone.localdate(visit.at))} / on the day of the visit · lunar {'leap ' * eve.leap}month {eve.month}, day {eve.day}",
        f"Near · {day_month(days[1])} / 1 day before the visit",
    ]
    assert "Birthday near" in PdfReader(BytesIO(brief_pdf(brief))).pages[0].extract_text()


def test_no_browser_keeps_a_brief_with_a_birthday_on_it(rep: User, visit: Visit, as_user: SignIn) -> None:
    browser, page = as_user(rep), f"/visits/{visit.pk}/brief/"
    assert "Cache-Control" not in browser.get(page), "without one it may be read again in the lift"
    born(Contact.objects.get(full_name="Wu Gang"), 1, visit)
    for address in (page, f"/api/v1{page}"):
        assert browser.get(address)["Cache-Control"] == "private, no-store", address


def test_who_is_not_on_the_team_reads_of_no_birthday(visit: Visit, request: pytest.FixtureRequest) -> None:
    born(Contact.objects.get(full_name="Wu Gang"), 1, visit)
    assert "birthdays" in said(request.getfixturevalue("manager"), visit)
    for role in ("collector", "executive", "administrator"):
        assert "birthdays" not in said(request.getfixturevalue(role), visit), role


# ------------------------------------------------------------------ to whom


@pytest.mark.parametrize("role", ["other_rep", "other_manager"])
def test_a_visit_out_of_sight_has_no_brief(role: str, visit: Visit, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotFound):
        visit_brief(request.getfixturevalue(role), visit.pk)


def test_who_lost_the_account_learns_when_and_where_only(rep: User, colleague: User, visit: Visit) -> None:
    SupplyHold.objects.create(account=visit.account, reason="Broken promises", on=today())
    AccountMember.objects.filter(user=rep).delete()
    Account.objects.filter(pk=visit.account_id).update(owner=colleague)
    told = said(rep, visit)
    assert told["people"] == ["Wu Gang · 吴总 / "], "whom he planned to meet he knows himself"
    assert told["money"] == [f"No supply to them / since {visit_day()}"]
    assert not set(told) & {"landmines", "complaints", "needs", "objections", "evidence", "competitors"}
    assert "1,000" not in str(told)
    assert "Broken promises" not in str(told)


def visit_day() -> str:
    return f"{today().day} {today():%b}"


@pytest.mark.parametrize("role", ["rep", "manager", "collector", "executive", "administrator"])
def test_nothing_personal_stands_in_it(
    role: str, visit: Visit, request: pytest.FixtureRequest, as_user: SignIn
) -> None:
    browser = as_user(request.getfixturevalue(role))
    page = browser.get(f"/visits/{visit.pk}/brief/").content.decode()
    assert "Wu Gang" in page
    assert "CANARY" not in page
    assert "CANARY" not in browser.get(f"/api/v1/visits/{visit.pk}/brief/").content.decode()


@pytest.mark.parametrize("field", ["recorded_at", "cancelled_at"])
def test_a_visit_that_is_over_has_none(field: str, rep: User, visit: Visit, as_user: SignIn) -> None:
    values: dict[str, Any] = {field: timezone.now(), "outcome": "x", "next_step": "y", "next_step_on": today()}
    Visit.objects.filter(pk=visit.pk).update(**values)
    with pytest.raises(DomainError):
        visit_brief(rep, visit.pk)
    browser = as_user(rep)
    assert browser.get(f"/visits/{visit.pk}/brief/")["Location"] == f"/visits/{visit.pk}/"
    assert browser.get(f"/visits/{visit.pk}/brief.pdf").status_code == 422
    answer = browser.get(f"/api/v1/visits/{visit.pk}/brief/", headers={"accept": "application/pdf"})
    assert (answer.status_code, answer["Content-Type"], answer.json()["error"]["code"]) == (
        422,
        "application/json",
        "not_planned",
    )


# ------------------------------------------------------------------ one page


def line(number: int, length: int = 20) -> Line:
    return Line(f"{number:02}{'x' * (length - 2)}")


def part(key: PartKey, count: int, length: int = 20) -> Part:
    return Part(key, key.title(), [line(number, length) for number in range(count)])


def test_what_fits_is_left_as_it_is() -> None:
    parts = [part(PartKey.LANDMINES, 2), part(PartKey.CONTACTS, 5)]
    assert fit(parts) == parts


def test_the_important_keeps_its_lines_and_what_is_left_out_is_counted() -> None:
    parts = [part(key, 12) for key in PartKey]
    shown = {one.key: one for one in fit(parts)}
    assert list(shown) == list(PartKey), "no part disappears"
    assert all(len(one.lines) + one.more == 12 for one in shown.values())
    assert len(shown[PartKey.LANDMINES].lines) >= 4
    assert len(shown[PartKey.LANDMINES].lines) > len(shown[PartKey.COMPETITORS].lines) >= 1
    assert sum(2 + len(one.lines) for one in shown.values()) <= ROOM


def test_with_too_little_room_the_least_important_shrinks_first() -> None:
    parts = [part(PartKey.CONTACTS, 3), part(PartKey.LANDMINES, 5)]
    shown = {one.key: len(one.lines) for one in fit(parts, room=9)}
    assert shown == {PartKey.LANDMINES: 4, PartKey.CONTACTS: 1}


def test_a_chinese_line_takes_the_room_it_needs() -> None:
    assert Line("x" * 50).height == 1
    assert Line("中" * 26).height == 2
    assert Line("x", note="y").height == 2


def test_a_very_long_line_says_that_it_goes_on() -> None:
    (shown,) = fit([Part(PartKey.NEEDS, "Needs", [Line("x" * 400, "y" * 400)])])
    assert shown.lines[0].text == "x" * 149 + "…"
    assert shown.lines[0].note.endswith("y…")
    (mines,) = fit([Part(PartKey.LANDMINES, "Landmines", [Line("x" * 300)])])
    assert mines.lines[0].text == "x" * 300, "a warning is told whole"


def test_columns_are_as_even_as_parts_allow() -> None:
    left, right = in_columns([part(PartKey.LANDMINES, 9), part(PartKey.PEOPLE, 6), *(part(key, 2) for key in IN_TURN)])
    assert [one.key for one in left] == [PartKey.PEOPLE]
    assert [one.key for one in right] == IN_TURN


IN_TURN = [PartKey.MONEY, PartKey.CONTACTS]


def test_a_criterion_asked_for_by_two_prospects_is_one_question() -> None:
    asked = questions([("A", [Criterion.WILLING]), ("B", [Criterion.WILLING])], {"decider", "coach", "money_approver"})
    assert asked == [Line("Do they want to go on with us?", "A · B")]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_pdf_is_one_page_in_the_letters_fonts_however_much_there_is(rep: User, visit: Visit, language: str) -> None:
    text = "他们要求我们书面说明为什么交货期比竞争对手长两周，并且希望得到一次技术交流。" * 5
    for number in range(15):
        make_landmine(visit.account, f"{number} {text}")
        for kind in ("complaint", "need", "objection", "competitor"):
            heard(visit.account, kind, f"{number} {text}"[:300])
        make_prospect(rep, visit.account, f"{number} {text}"[:200], stage=Stage.C, next_step="Call")
        make_visit(
            rep, visit.account, at=timezone.now() - timedelta(days=number), recorded_at=timezone.now(), outcome=f"{number} {text}",
            next_step=text[:200], next_step_on=today(),
        )  # fmt: skip
    with translation.override(language):
        made = PdfReader(BytesIO(brief_pdf(visit_brief(rep, visit.pk))))
    assert len(made.pages) == 1
    page = made.pages[0]
    fonts = {str(font.get_object()["/BaseFont"]).partition("+")[2] for font in page["/Resources"]["/Font"].values()}
    assert any("NotoSansSC" in font for font in fonts)
    assert any("NotoSerifSC" in font for font in fonts)
    left_out = "more" if language == "en" else "还有"
    assert left_out in page.extract_text()


# ------------------------------------------------------------------ where it is found, and what it costs


def test_it_is_one_tap_away_wherever_the_visit_stands(rep: User, visit: Visit, as_user: SignIn) -> None:
    browser = as_user(rep)
    Visit.objects.filter(pk=visit.pk).update(at=timezone.now())
    link = f"/visits/{visit.pk}/brief/"
    for page in ("/", f"/visits/{visit.pk}/", f"/visits/at/{visit.account_id}/"):
        assert link in browser.get(page).content.decode(), page


def test_the_api_gives_both_forms(rep: User, visit: Visit, as_user: SignIn) -> None:
    browser = as_user(rep)
    found = browser.get(f"/api/v1/visits/{visit.pk}/brief/").json()
    assert (found["account_name"], found["goal"]) == ("Acme", "Agree the price")
    assert found["parts"][0]["lines"][0]["text"] == "Wang and Zhang do not get on"
    for answer in (
        browser.get(f"/api/v1/visits/{visit.pk}/brief/", headers={"accept": "application/pdf"}),
        browser.get(f"/api/v1/visits/{visit.pk}/brief.pdf"),
    ):
        assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")


def test_twenty_of_everything_cost_what_one_does(
    rep: User, visit: Visit, as_user: SignIn, django_assert_max_num_queries: Any
) -> None:
    browser = as_user(rep)
    browser.get(f"/visits/{visit.pk}/brief/")
    for number in range(20):
        VisitAttendee.objects.create(visit=visit, contact=make_contact(rep, visit.account))
        make_prospect(rep, visit.account, stage=Stage.B)
        make_landmine(visit.account)
        heard(visit.account, "need", f"Need {number}")
        bought(rep, f"Customer {number}", date(2025, 3, 4))
    with django_assert_max_num_queries(23):
        assert browser.get(f"/visits/{visit.pk}/brief/").status_code == 200
    brief = visit_brief(rep, visit.pk)
    assert fitted(brief).part("landmines") is not None


# ------------------------------------------------------------------ in the reminder


def test_the_mail_of_the_day_before_brings_the_brief_in_short(rep: User, visit: Visit) -> None:
    born(Contact.objects.get(full_name="Wu Gang"), 1, visit)
    bought(rep, "Another customer", date(2025, 3, 4))
    letter = mail_of(rep, [confirm(rep, visit)], "reminder-1.0")
    assert f"/visits/{visit.pk}/brief/" in letter.body
    assert (
        "- Goal: Agree the price\n- We meet Wu Gang · 吴总 (Plant manager · Decides)\n- Last contact: " in letter.body
    )
    assert (
        "- We promised: Send the sample (Li Lei · 1 day late)\n- Read in the brief: 1 landmine, open money, 1 reference\n"
        in letter.body
    )
    for kept_in in ("Wang and Zhang", "1,000.00", "Another customer", "irthday"):
        assert kept_in not in letter.body + str(letter.alternatives[0][0])


def test_a_mail_to_who_may_not_see_the_visit_says_nothing_of_it(rep: User, other_rep: User, visit: Visit) -> None:
    letter = mail_of(other_rep, [confirm(other_rep, visit)], "reminder-1.0")
    assert "Agree the price" not in letter.body


def test_the_reminder_on_today_leads_to_the_brief(rep: User, visit: Visit, as_user: SignIn) -> None:
    confirm(rep, visit)
    assert f"/visits/{visit.pk}/brief/" in as_user(rep).get("/").content.decode()


def confirm(user: User, visit: Visit) -> Occurrence:
    """“Confirm the appointment” on somebody's desk."""
    row = put_on_desk(user)
    words = {"kind": "Visit", "account_name": "Acme", "on": "2026-03-05"}
    about: dict[str, Any] = {"subject_type": "relationships.visit", "subject_id": visit.pk}
    Occurrence.objects.filter(pk=row.pk).update(rule="relationships.confirm_visit", words=words, **about)
    return Occurrence.objects.select_related(*TOLD_BY).get(pk=row.pk)

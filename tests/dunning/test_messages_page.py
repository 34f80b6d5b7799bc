"""The pages of letters and of the ladder: looking, approving, printing, the preview while typing."""

import json

import pytest
from django.urls import reverse

from core.workdays import today
from dunning import actions
from dunning.models import LadderStep, Message
from receivables.models import SupplyHold
from tests.dunning.letters import late_customer, payment_contact, squeezed, words_of
from tests.factories import make_invoice

pytestmark = pytest.mark.django_db


def at(name, *arguments):
    return reverse(f"dunning:{name}", args=arguments)


@pytest.fixture
def message(collector, rep):
    account = late_customer(rep, "Red Star Steel")
    payment_contact(rep, account, "Wang Fang", "wang@example.com")
    actions.propose_messages(by=collector)
    return Message.objects.get()


def test_the_list_says_who_gets_what_and_why(as_user, collector, message):
    page = as_user(collector).get(at("messages")).content.decode()
    for words in (
        "Red Star Steel",
        "T+1 · Reminder",
        "wang@example.com",
        "¥1,200.00",
        "Payment reminder: CNY 1,200.00",
    ):
        assert words in page


def test_a_manager_looks_but_does_not_approve(as_user, manager, message):
    page = as_user(manager).get(at("messages")).content.decode()
    assert "Red Star Steel" in page
    assert "Approve" not in page
    assert as_user(manager).post(at("approve_messages"), {"all": "1"}).status_code == 403


@pytest.mark.parametrize("tab", ["review", "print", "sending", "failed", "sent", "left-out"])
def test_every_tab_opens(as_user, collector, message, tab):
    state = {"print": "approved", "sending": "approved", "left-out": "skipped"}.get(tab, tab)
    channel = "letter" if tab == "print" else "mail"
    Message.objects.update(state="proposed" if tab == "review" else state, channel=channel, error="no_server")
    page = as_user(collector).get(at("messages"), {"tab": tab}).content.decode()
    assert "Red Star Steel" in page
    assert as_user(collector).get(at("messages"), {"tab": "elsewhere"}).status_code == 404


def test_the_list_costs_the_same_for_one_letter_and_for_thirty(
    as_user, collector, rep, message, django_assert_max_num_queries
):
    for _ in range(29):
        late_customer(rep)
    actions.propose_messages(by=collector)
    browser = as_user(collector)
    browser.get(at("messages"))
    with django_assert_max_num_queries(12):
        browser.get(at("messages"))


def test_one_is_looked_at_as_a_picture_and_approved(as_user, collector, message):
    browser = as_user(collector)
    assert "Payment reminder: CNY 1,200.00" in browser.get(at("message", message.pk)).content.decode()
    assert "data:image/png;base64," in browser.get(at("message_pages", message.pk)).content.decode()
    pdf = browser.get(at("message_pdf", message.pk))
    assert pdf["Content-Type"] == "application/pdf"
    assert "1,200.00" in words_of(pdf.content)
    assert browser.post(at("approve_message", message.pk)).url == at("messages")
    message.refresh_from_db()
    assert (message.state, message.approved_by) == ("approved", collector)


def test_words_are_changed_in_the_sheet(as_user, collector, message):
    browser = as_user(collector)
    form = {"channel": "letter", "to": "", "subject": "Please pay", "body": "By Friday."}
    answer = browser.post(at("edit_message", message.pk), form, headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (204, at("message", message.pk))
    message.refresh_from_db()
    assert (message.channel, message.subject, message.body) == ("letter", "Please pay", "By Friday.")
    wrong = browser.post(at("edit_message", message.pk), {**form, "body": "Sorry to trouble you"})
    assert wrong.status_code == 422
    assert "we are entitled to the money" in wrong.content.decode()


def test_letters_are_printed_opened_and_posted(as_user, collector, message):
    browser = as_user(collector)
    assert browser.get(at("print_bundle")).status_code == 404
    Message.objects.update(state="approved", channel="letter")
    browser.post(at("print_letters"))
    assert "1,200.00" in words_of(browser.get(at("print_bundle")).content)
    browser.post(at("post_letters"), {"message": [message.pk]})
    message.refresh_from_db()
    assert message.state == "sent"


@pytest.mark.parametrize("decider", ["collector", "manager"])
def test_a_hold_is_decided(request, as_user, collector, rep, decider):
    account = late_customer(rep, days=40)
    actions.refresh_cases()
    actions.propose_messages(by=collector)
    decides = request.getfixturevalue(decider)
    browser = as_user(decides)
    assert "Hold supply?" in browser.get(at("messages")).content.decode()
    assert "Payment is 40 days late." in browser.get(at("answer_hold", account.pk)).content.decode()
    browser.post(at("answer_hold", account.pk), {"reason": "40 days late"})
    assert SupplyHold.objects.get(account=account).by == decides
    assert browser.post(at("answer_hold", account.pk), {"reason": "Again"}).status_code == 409


def test_missing_papers_are_named(as_user, collector, rep):
    account = late_customer(rep)
    make_invoice(
        account,
        "55.00",
        number="HT-7",
        due_on=today().replace(day=1),
        papers="incomplete",
        issued_on=today().replace(day=1),
    )
    account.invoices.update(papers="incomplete")
    assert "HT-7" in as_user(collector).get(at("messages")).content.decode()


# ------------------------------------------------------------------ statement


def test_a_statement_is_seen_and_sent(as_user, collector, rep):
    account = late_customer(rep, "Red Star Steel")
    browser = as_user(collector)
    assert "Statement of account" in browser.get(at("statement", account.pk)).content.decode()
    assert "Closingbalance" in squeezed(words_of(browser.get(at("statement_pdf", account.pk)).content))
    assert not Message.objects.exists()
    form = {"currency": "CNY", "since": "2026-01-01", "until": today().isoformat(), "channel": "mail"}
    answer = browser.post(at("statement", account.pk), form, headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert "sheet:close" in json.loads(answer["HX-Trigger"])
    assert Message.objects.get().kind == "statement"


@pytest.mark.parametrize("words", [{"currency": "XXX"}, {"since": "yesterday"}, {"since": "2031-01-01"}])
def test_a_statement_of_nothing(as_user, collector, rep, words):
    account = late_customer(rep)
    assert as_user(collector).get(at("statement_pdf", account.pk), words).status_code == 422


# ------------------------------------------------------------------ ladder


def test_the_ladder_shows_its_rungs_in_the_readers_language(as_user, collector):
    page = as_user(collector).get(at("ladder")).content.decode()
    assert "T−7" in page and "Formal demand" in page
    collector.language = "zh-hans"
    collector.save()
    assert "正式催告函" in as_user(collector).get(at("ladder")).content.decode()


def test_the_preview_follows_what_is_typed(as_user, collector):
    step = LadderStep.objects.get(days=15)
    typed = {"days": "15", "channel": "mail", "subject": "About {amount}", "body": "{oldest} {amont}", "language": "en",
             "subject_zh": "关于{amount}", "body_zh": "不好意思打扰，{oldest}"}  # fmt: skip
    page = as_user(collector).post(at("preview_step"), typed).content.decode()
    assert "About CNY 61,350.50" in page
    assert "<code>{amont}</code>" in page
    assert "不好意思打扰" in page
    assert "data:image/png;base64," in page
    assert step.subject == LadderStep.objects.get(days=15).subject
    chinese = as_user(collector).post(at("preview_step"), {**typed, "language": "zh-hans"}).content.decode()
    assert "关于人民币61,350.50元" in chinese
    call = as_user(collector).post(at("preview_step"), {**typed, "channel": "call"}).content.decode()
    assert "Nothing is written" in call
    assert as_user(collector).post(at("step_pdf"), typed).content.startswith(b"%PDF")


def test_a_rung_is_saved_and_taken_out_on_its_page(as_user, collector):
    step = LadderStep.objects.get(days=1)
    browser = as_user(collector)
    names = ("days", "channel", "doer", "name", "name_zh", "subject", "subject_zh", "body", "body_zh")
    form = {name: getattr(step, name) for name in names} | {"version": step.version}
    assert browser.post(at("edit_step", step.pk), {**form, "days": 2}).status_code == 302
    assert browser.post(at("edit_step", step.pk), {**form, "days": 3}).status_code == 409
    wrong = browser.post(at("edit_step", step.pk), {**form, "version": 2, "body": "{amont}"})
    assert wrong.status_code == 422
    assert "{amont}" in wrong.content.decode()
    browser.post(at("retire_step", step.pk))
    assert not LadderStep.objects.get(pk=step.pk).is_active


def test_programs_list_approve_and_fetch(as_user, collector, message):
    browser = as_user(collector)
    [found] = browser.get("/api/v1/letters/", {"state": "proposed"}).json()["results"]
    assert (found["id"], found["amount"], found["account_name"]) == (message.pk, "1200.00", "Red Star Steel")
    answer = browser.post("/api/v1/letters/approve/", {"letters": [message.pk]}, content_type="application/json")
    assert answer.json() == {"approved": 1}
    assert browser.get(f"/api/v1/letters/{message.pk}/pdf/").content.startswith(b"%PDF")
    skipped = browser.post(f"/api/v1/letters/{message.pk}/skip/", {"reason": "Paid"}, content_type="application/json")
    assert skipped.json()["state"] == "skipped"
    made = browser.post("/api/v1/letters/", {"account": message.account_id}, content_type="application/json")
    assert (made.status_code, made.json()["kind"]) == (201, "statement")

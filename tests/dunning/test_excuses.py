"""What customers say instead of paying, and what is answered: kept by finance, at hand on the call screen."""

import pytest
from django.urls import reverse

from core.errors import Conflict, DomainError, NotAllowed, NotFound
from core.models import AuditEvent
from dunning import actions
from dunning.models import Excuse
from dunning.queries.excuses import visible_excuses
from dunning.rules.wording import apologies

pytestmark = pytest.mark.django_db

EXCUSE = {
    "cause": "shortage", "says": "Payday comes first.", "says_zh": "先发工资。", "reply": "Which day after it?",
    "reply_zh": "工资之后哪一天？", "law": "", "law_zh": "", "next_action": "call",
}  # fmt: skip


def test_it_is_added_changed_and_taken_out(collector, administrator):
    excuse = actions.add_excuse(by=administrator, **EXCUSE)
    changed = actions.edit_excuse(by=collector, excuse_id=excuse.pk, version=1, reply="On which day?")
    assert (changed.reply, changed.version) == ("On which day?", 2)
    with pytest.raises(Conflict):
        actions.edit_excuse(by=collector, excuse_id=excuse.pk, version=1, reply="Mine")
    actions.retire_excuse(by=collector, excuse_id=excuse.pk)
    assert excuse not in visible_excuses(collector)
    with pytest.raises(NotFound):
        actions.edit_excuse(by=collector, excuse_id=excuse.pk, reply="Gone")
    codes = AuditEvent.objects.filter(code__startswith="dunning.excuse").order_by("id").values_list("code", flat=True)
    assert [code.rpartition("_")[2] for code in codes] == ["added", "edited", "retired"]


def test_who_keeps_the_list_and_who_reads_it(rep, manager, collector):
    for person in (rep, manager):
        with pytest.raises(NotAllowed):
            actions.add_excuse(by=person, **EXCUSE)
    assert visible_excuses(manager).count() == visible_excuses(collector).count() == 14
    assert not visible_excuses(rep).exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"says": " "}, "says"), ({"says_zh": ""}, "says_zh"), ({"reply": ""}, "reply"), ({"reply_zh": ""}, "reply_zh"),
     ({"law": "Civil Code, art. 195"}, "law_zh"), ({"law_zh": "《民法典》第一百九十五条"}, "law"),
     ({"reply": "Sorry to trouble you, but when?"}, "reply"), ({"reply_zh": "不好意思打扰，哪天付？"}, "reply_zh")],
)  # fmt: skip
def test_excuses_that_cannot_be(collector, changes, field):
    with pytest.raises(DomainError) as refused:
        actions.add_excuse(by=collector, **{**EXCUSE, **changes})
    assert refused.value.field == field
    assert Excuse.objects.count() == 14


def test_the_ones_delivered_with_the_program_are_whole():
    for excuse in Excuse.objects.all():
        assert all((excuse.says, excuse.says_zh, excuse.reply, excuse.reply_zh, excuse.next_action))
        assert not apologies(excuse.reply + excuse.reply_zh)
        assert bool(excuse.law) == bool(excuse.law_zh)


def test_finance_keeps_them_on_a_page(as_user, collector):
    browser = as_user(collector)
    page = browser.get(reverse("dunning:excuses")).content.decode()
    assert "Our own customer has not paid us yet." in page
    assert "Decree 802), art. 9" in page
    refused = browser.post(reverse("dunning:add_excuse"), {**EXCUSE, "reply_zh": "不好意思打扰"})
    assert refused.status_code == 422
    assert browser.post(reverse("dunning:add_excuse"), EXCUSE).status_code == 302
    excuse = Excuse.objects.latest("id")
    edit = reverse("dunning:edit_excuse", args=[excuse.pk])
    assert browser.post(edit, {**EXCUSE, "law": "A", "law_zh": "甲", "version": 1}).status_code == 302
    assert browser.post(edit, {**EXCUSE, "law": "B", "law_zh": "乙", "version": 1}).status_code == 409
    assert browser.post(reverse("dunning:retire_excuse", args=[excuse.pk])).status_code == 302
    assert "1 excuse taken out" in browser.get(reverse("dunning:excuses")).content.decode()


def test_the_call_screen_brings_them_by_reason_in_both_languages(as_user, collector, manager, rep):
    panel = as_user(manager).get(reverse("dunning:answers"), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in panel
    assert panel.index('data-excuses-of="dispute"') < panel.index('data-excuses-of="shortage"')
    assert "货还没验收。" in panel
    assert "The goods have not been inspected yet." in panel
    assert as_user(rep).get(reverse("dunning:answers")).status_code == 403


def test_programs_read_and_keep_them(as_user, collector, rep):
    browser, address = as_user(collector), reverse("api:excuse-list")
    assert browser.get(address).json()["results"][0]["cause"]
    assert as_user(rep).get(address).json()["results"] == []
    made = browser.post(address, EXCUSE, content_type="application/json")
    assert made.status_code == 201
    one = reverse("api:excuse-detail", args=[made.json()["id"]])
    assert (
        browser.patch(one, {"says": "Wages first."}, content_type="application/json").json()["says"] == "Wages first."
    )
    stale = browser.patch(one, {"says": "x"}, content_type="application/json", headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    assert browser.post(reverse("api:excuse-retire", args=[made.json()["id"]])).status_code == 204
    assert browser.get(one).status_code == 404
    refused = browser.post(address, {**EXCUSE, "reply": "Sorry to bother you"}, content_type="application/json")
    assert refused.status_code in {400, 409, 422}

"""The rungs of the ladder: adding, changing, taking out, and what their wordings may say."""

import pytest

from core.errors import Conflict, DomainError, NotAllowed, NotFound
from core.models import AuditEvent
from dunning import actions
from dunning.models import LadderStep
from dunning.queries.messages import ladder
from dunning.rules.wording import apologies, fill, unknown_placeholders

RUNG = {
    "days": 3, "channel": "mail", "doer": "system", "name": "Second look", "name_zh": "再次提示",
    "subject": "About {amount}", "subject_zh": "关于{amount}", "body": "Please pay by {pay_by}.", "body_zh": "请于{pay_by}前付款。",
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "unknown"),
    [("{amount} by {pay_by}", []), ("{amont}", ["{amont}"]), ("100 {", ["{"]), ("{a}{b}", ["{a}", "{b}"]), ("{}", ["{}"]),
     ("{ amount }", ["{ amount }"]), ("", [])],
)  # fmt: skip
def test_placeholders(text, unknown):
    assert unknown_placeholders(text) == unknown


def test_what_is_filled_in_is_not_read_again():
    assert fill("{customer} {amount}", {"customer": "{amount}", "amount": "1"}) == "{amount} 1"
    assert fill("{other}", {"customer": "x"}) == "{other}"


@pytest.mark.parametrize(
    "text", ["Sorry to trouble you", "we are sorry to bother you", "不好意思，打扰", "抱歉打扰", "打扰了"]
)
def test_a_letter_does_not_excuse_itself(text):
    assert apologies(text)
    assert not apologies("We are sorry that the delivery was late. 对迟延深表歉意。")


@pytest.mark.django_db
def test_a_rung_is_added_changed_and_taken_out(collector, administrator):
    step = actions.add_ladder_step(by=administrator, **RUNG)
    assert step in ladder()
    changed = actions.edit_ladder_step(by=collector, step_id=step.pk, version=1, name="Third look")
    assert (changed.name, changed.version) == ("Third look", 2)
    with pytest.raises(Conflict):
        actions.edit_ladder_step(by=collector, step_id=step.pk, version=1, name="Mine")
    actions.retire_ladder_step(by=collector, step_id=step.pk)
    assert step not in ladder()
    with pytest.raises(DomainError):
        actions.edit_ladder_step(by=collector, step_id=step.pk, name="Gone")
    codes = AuditEvent.objects.filter(code__startswith="dunning.ladder").order_by("id").values_list("code", flat=True)
    assert [code.rpartition("_")[2] for code in codes] == ["added", "edited", "retired"]


@pytest.mark.django_db
def test_who_leaves_the_ladder_alone(rep, manager, collector):
    for person in (rep, manager):
        with pytest.raises(NotAllowed):
            actions.add_ladder_step(by=person, **RUNG)
    with pytest.raises(NotFound):
        actions.retire_ladder_step(by=collector, step_id=10**9)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "field"),
    [({"days": -61}, "days"), ({"days": 731}, "days"), ({"days": 1}, "days"), ({"name": " "}, "name"), ({"name_zh": ""}, "name_zh"),
     ({"body": ""}, "body"), ({"subject_zh": ""}, "subject_zh"), ({"body": "{amont}"}, "body"), ({"doer": "manager"}, "doer"),
     ({"body_zh": "不好意思打扰"}, "body_zh"), ({"channel": "call", "doer": "collector", "is_formal": True}, "channel")],
)  # fmt: skip
def test_rungs_that_cannot_be(collector, changes, field):
    with pytest.raises(DomainError) as refused:
        actions.add_ladder_step(by=collector, **{**RUNG, **changes})
    assert refused.value.field == field
    assert LadderStep.objects.count() == 7

"""A planned visit is given to a colleague, or put off by one tap: who may, who is told, and the way back."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from accounts.models import AccountMember
from core.errors import Conflict, DomainError, NotAllowed, NotFound
from core.models import AuditEvent
from core.workdays import next_workday, today
from relationships import actions, queries
from relationships.models import VisitAttendee
from reminders import actions as reminders
from reminders.models import Occurrence
from reminders.queries.lines import line_of
from tests.factories import make_account, make_visit

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def account(rep, colleague):
    account = make_account(rep, "Acme")
    AccountMember.objects.create(account=account, user=colleague)
    return account


@pytest.fixture
def visit(rep, account):
    return make_visit(rep, account)


def hand_over(by, visit, to, **words):
    return actions.hand_over_visit(by=by, visit_id=visit.pk, to_user_id=to.pk, **words)


def test_a_colleague_of_the_account_makes_it(rep, colleague, visit):
    VisitAttendee.objects.create(visit=visit, colleague=colleague)
    given = hand_over(rep, visit, colleague, version=1)
    assert (given.owner, given.version) == (colleague, 2)
    assert not given.attendees.exists()
    told = AuditEvent.objects.get(code="relationships.visit_handed_over").details
    assert (told["from_owner"], told["to_owner"]) == ("Li Lei", "Han Meimei")


def test_the_colleague_is_told(rep, colleague, visit):
    hand_over(rep, visit, colleague)
    reminders.plan(only=["relationships.visit_assigned"])
    reminders.tell_in_app()
    row = Occurrence.objects.get(rule="relationships.visit_assigned", channel="in_app")
    assert (row.recipient, row.subject_id) == (colleague, visit.pk)
    assert line_of(row).text == "Visit, Acme, Wed 5 Mar 2031, 09:00: handed over to you by Li Lei"
    with override("zh-hans"):
        assert "拜访，Acme，星期三 2031-03-05 09:00" in line_of(row).text


def test_the_hour_is_that_of_who_makes_it(rep, colleague, visit):
    colleague.time_zone = "Europe/Berlin"
    colleague.save(update_fields=["time_zone"])
    hand_over(rep, visit, colleague)
    reminders.plan(only=["relationships.visit_assigned"])
    assert {row.words["at"] for row in Occurrence.objects.filter(recipient=colleague)} == {"2031-03-05T02:00"}


def test_what_is_handed_back_is_no_longer_told(rep, colleague, account, django_capture_on_commit_callbacks):
    visit = make_visit(rep, account, at=timezone.now() + timedelta(hours=1))
    told = {
        rep: ["relationships.confirm_visit"],
        colleague: ["relationships.confirm_visit", "relationships.visit_assigned"],
    }

    def desk(person):
        return sorted(Occurrence.objects.on_the_desk().filter(recipient=person).values_list("rule", flat=True))

    for to, former in ((rep, colleague), (colleague, rep), (rep, colleague)):
        if to != visit.owner:
            with django_capture_on_commit_callbacks() as after:
                visit = hand_over(rep, visit, to)
            for call in after:
                if getattr(call, "func", None) is reminders.close_settled:
                    call()  # the planner, which comes by later, is left out
        assert desk(former) == []
        reminders.plan(only=told[colleague])
        reminders.tell_in_app()
        assert (desk(to), desk(former)) == (told[to], [])


def test_who_may_go(rep, colleague, other_rep, manager, other_manager, director, collector, visit):
    assert queries.who_may_go(visit) == [director, colleague, manager]
    AccountMember.objects.create(account=visit.account, user=collector)
    assert collector not in queries.who_may_go(visit)
    for person, said in ((collector, "makes no visits"), (other_rep, "not on the account's team"), (rep, "already")):
        with pytest.raises(DomainError, match=said) as refusal:
            hand_over(rep, visit, person)
        assert refusal.value.field == "to"


def test_who_may_not(rep, colleague, other_rep, collector, visit):
    for by, refusal in ((other_rep, NotFound), (collector, NotAllowed)):
        with pytest.raises(refusal):
            hand_over(by, visit, colleague)
    with pytest.raises(Conflict):
        hand_over(rep, visit, colleague, version=7)
    actions.cancel_visit(by=rep, visit_id=visit.pk, because="Ill")
    with pytest.raises(DomainError, match="Only a planned visit"):
        hand_over(rep, visit, colleague)


def test_by_the_page_and_back(as_user, rep, colleague, visit):
    client, address = as_user(rep), reverse("visits:hand_over_visit", args=[visit.pk])
    assert "Han Meimei" in client.get(address).text
    done = client.post(address, {"to": colleague.pk, "version": 1}, headers=HTMX)
    toast = json.loads(done["HX-Trigger"])["toast"]
    assert (toast["message"], toast["undo"]) == ("Handed over to Han Meimei", f"{address}?to={rep.pk}&version=2")
    back = client.post(toast["undo"], headers=HTMX)
    assert json.loads(back["HX-Trigger"])["toast"]["undo"] == ""
    visit.refresh_from_db()
    assert visit.owner == rep
    assert not visit.attendees.exists()


def test_who_came_along_does_so_again_after_the_undo(as_user, rep, colleague, visit):
    VisitAttendee.objects.create(visit=visit, colleague=colleague)
    client, address = as_user(rep), reverse("visits:hand_over_visit", args=[visit.pk])
    done = client.post(address, {"to": colleague.pk, "version": 1}, headers=HTMX)
    client.post(json.loads(done["HX-Trigger"])["toast"]["undo"], headers=HTMX)
    visit.refresh_from_db()
    assert (visit.owner, [row.colleague for row in visit.attendees.all()]) == (rep, [colleague])


@pytest.mark.parametrize("name", ["hand_over_visit", "move_visit"])
def test_an_undo_says_why_it_comes_too_late(as_user, rep, colleague, visit, name):
    client, address = as_user(rep), reverse(f"visits:{name}", args=[visit.pk])
    done = client.post(address, {"to": colleague.pk, "at": "2031-03-07T09:30", "version": 1}, headers=HTMX)
    actions.edit_visit(by=rep, visit_id=visit.pk, purpose="Annual talk")
    late = client.post(json.loads(done["HX-Trigger"])["toast"]["undo"], headers=HTMX)
    assert (late.status_code, late["HX-Reswap"]) == (422, "none")
    assert "Somebody else saved" in json.loads(late["HX-Trigger"])["toast"]["message"]
    gone = client.post(f"{address}?to=0&at=whenever", headers=HTMX)
    assert json.loads(gone["HX-Trigger"])["toast"]["message"] == "This cannot be taken back any more."


def test_by_the_api(as_user, rep, colleague, visit):
    answer = as_user(rep).post(
        f"/api/v1/visits/{visit.pk}/hand_over/", {"to": colleague.pk}, "application/json", headers={"If-Match": '"1"'}
    )
    assert (answer.status_code, answer.json()["owner"]) == (200, colleague.pk)


def test_without_a_colleague_the_page_says_what_to_do(as_user, rep, manager):
    alone = make_visit(rep, make_account(rep, "Globex"))
    manager.role = "finance"
    manager.save()
    page = as_user(rep).get(reverse("visits:hand_over_visit", args=[alone.pk])).text
    assert "Nobody else is on the account" in page


def test_put_off_by_one_tap_to_the_same_hour_and_back(as_user, rep, account):
    at = timezone.localtime(datetime(2031, 3, 5, 1, 30, tzinfo=UTC))
    visit = make_visit(rep, account, at=at)
    client, address = as_user(rep), reverse("visits:move_visit", args=[visit.pk])
    tomorrow = datetime.combine(next_workday(today() + timedelta(days=1)), at.time())
    choice = tomorrow.strftime("%Y-%m-%dT%H:%M")
    assert f'name="choice" value="{choice}"' in client.get(address).text
    done = client.post(address, {"choice": choice, "at": "2031-03-05T09:30", "version": 1}, headers=HTMX)
    visit.refresh_from_db()
    assert timezone.localtime(visit.at).replace(tzinfo=None) == tomorrow
    undo = json.loads(done["HX-Trigger"])["toast"]["undo"]
    assert client.post(undo, headers=HTMX).status_code == 204
    visit.refresh_from_db()
    assert visit.at == at


def test_a_day_that_has_passed_is_not_offered_again(as_user, rep, account):
    visit = make_visit(rep, account, at=timezone.now() - timedelta(days=3))
    done = as_user(rep).post(
        reverse("visits:move_visit", args=[visit.pk]), {"at": "2031-03-07T09:30", "version": 1}, headers=HTMX
    )
    assert json.loads(done["HX-Trigger"])["toast"]["undo"] == ""

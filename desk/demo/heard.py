"""What was heard on visits beside their outcome, and landmines: so that a brief has something to say (R4, R7, V4)."""

from __future__ import annotations

from random import Random

from desk.demo.history import Chronicle
from relationships import events
from relationships.choices import FindingKind
from relationships.models import Finding, Landmine, Visit

SHARE = 3
"""One visit in so many brings something home."""
HEARD: dict[FindingKind, tuple[tuple[str, str], ...]] = {
    FindingKind.COMPETITOR: (
        ("汇川上周来过，交期报了四周", "Siemens was here last week and offers four weeks"),
        ("现在的供应商换了销售，新来的还不认识人", "Their supplier has a new salesman who knows nobody yet"),
        ("竞争对手承诺免费备件一年", "A competitor promises spare parts for a year"),
    ),
    FindingKind.OBJECTION: (
        ("价格比现在的高百分之十二", "Twelve per cent dearer than what they have"),
        ("担心软件接口不通用", "They fear the interface is not open"),
        ("没有同行业案例，不敢先用", "No reference in their trade: nobody wants to be first"),
    ),
    FindingKind.COMPLAINT: (
        ("上批货包装破损，仓库拍了照", "The last delivery came damaged; the store took pictures"),
        ("报修后三天才有人来", "It took three days until somebody came to repair"),
    ),
    FindingKind.NEED: (
        ("夜班没有人会调参数，要培训", "Nobody on the night shift can set it up: they need training"),
        ("明年要通过能耗审核，要数据", "An energy audit next year: they need figures"),
        ("备件要放在本地仓库", "Spare parts must lie in a store nearby"),
    ),
}
MINES = (
    ("王工和采购张经理不和，不要在一起谈价格", "Engineering and purchasing do not get on: never talk price with both"),
    ("去年的停机事故不要先提，他们内部还没有结论", "Do not bring up last year’s stoppage: inside it is not settled"),
    ("上次发错过报价单，财务部还在意", "The wrong offer was sent once: their finance still minds"),
)


def write(random: Random, chronicle: Chronicle) -> None:
    """Findings of recorded visits, and landmines at some accounts with visits to come."""
    visits = Visit.objects.recorded().select_related("account__owner", "owner").order_by("id")
    findings = []
    for visit in visits:
        if random.randrange(SHARE) or not visit.recorded_at:
            continue
        kind = random.choice(list(HEARD))
        text = random.choice(HEARD[kind])[_language(visit)]
        findings.append(
            Finding(account=visit.account, visit=visit, kind=kind, text=text, by=visit.owner, at=visit.recorded_at)
        )
    Finding.objects.bulk_create(findings, batch_size=1_000)
    for finding in findings:
        chronicle.tell(
            events.FINDING_NOTED, finding.by, finding, finding.account_id, finding.at, kind=str(FindingKind(finding.kind).label),
            text=finding.text,
        )  # fmt: skip
    _mines(random, chronicle)


def _mines(random: Random, chronicle: Chronicle) -> None:
    latest = {
        visit.account_id: visit
        for visit in Visit.objects.recorded().select_related("account", "owner").order_by("at", "id")
    }
    coming = Visit.objects.planned().order_by("account_id").values_list("account_id", flat=True).distinct()
    for number, account_id in enumerate(coming):
        visit = latest.get(account_id)
        if visit is None or visit.recorded_at is None or number % 2:
            continue
        text = random.choice(MINES)[_language(visit)]
        mine = Landmine.objects.create(account=visit.account, text=text, by=visit.owner, at=visit.recorded_at)
        chronicle.tell(events.LANDMINE_LAID, visit.owner, mine, account_id, mine.at, text=text)


def _language(visit: Visit) -> int:
    """Chinese where the visit itself is told in it."""
    return 0 if any(ord(letter) > 0x2E80 for letter in visit.outcome) else 1

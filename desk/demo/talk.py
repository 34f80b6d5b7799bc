"""What colleagues write to each other: about prospects, an account, an invoice; and a photo of a visit, drawn here."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw

from accounts.models import Account
from core.comments import events as talk_events
from core.comments.mentions import named_in
from core.files import events as file_events
from core.files import storage
from core.files.photos import draw_anew
from core.models import Attachment, Comment, CommentReceiver, Follow, User
from desk.demo.days import Days
from desk.demo.history import Chronicle
from desk.demo.people import Staff
from prospects.choices import Stage
from prospects.models import Prospect
from receivables.models import Invoice
from relationships.models import Visit

HOURS = timedelta(hours=1)
ABOUT_A_DEAL = (
    (26, "rep", "采购部想要 5% 折扣，理由是明年再订两批。@{manager} 我们能让到多少？"),
    (
        22,
        "manager",
        "5% 可以谈，但要换回预付款 30% 和年度框架协议，不能白让。\n@{rep} 先把他们的付款流程问清楚，周五前给我。",
    ),
    (3, "rep", "付款流程问到了：用户部门验收 → 财务复核 → 总经理签字，一般 20 天。预付款他们愿意谈。"),
)
ABOUT_ANOTHER = (
    (50, "manager", "技术交流时谁在场？总工的态度最要紧。"),
    (47, "rep", "总工和设备科长都在。总工对替换周期有顾虑，我约了周四去看我们的参考客户。"),
)
ABOUT_AN_ACCOUNT = (
    (30, "finance", "九月的两张发票对方说没收到原件，已重寄。@{rep} 拜访时请当面确认财务是否签收。"),
    (6, "rep", "已确认，财务科今天签收了，月底付款日一起付。"),
)
ABOUT_AN_INVOICE = ((28, "finance", "验收单缺一份，@{rep} 请找设备科补签，不补齐财务不会排款。"),)


def write(staff: Staff, days: Days, chronicle: Chronicle) -> None:
    """Save the talk and the photo; the demo's rep, manager and finance are who speak."""
    rep = staff["rep"]
    cards = list(
        Prospect.objects.still_open()
        .filter(owner=rep, account__isnull=False, stage__gte=Stage.C)
        .order_by("-stage", "pk")
    )
    for card, said in zip(cards, (ABOUT_A_DEAL, ABOUT_ANOTHER), strict=False):
        _talk(card, card.account_id, said, staff, days, chronicle)
    account = Account.objects.filter(owner=rep).order_by("-tier", "pk").first()
    if account:
        _talk(account, account.pk, ABOUT_AN_ACCOUNT, staff, days, chronicle)
    invoice = Invoice.objects.filter(account__owner=rep, open_amount__gt=0).order_by("due_on", "pk").first()
    if invoice:
        _talk(invoice, invoice.account_id, ABOUT_AN_INVOICE, staff, days, chronicle)
    visit = Visit.objects.recorded().filter(owner=rep, kind="visit").select_related("account").order_by("-at").first()
    if visit:
        _photograph(visit, rep, chronicle)


def _talk(record: Any, account_id: int | None, said: Any, staff: Staff, days: Days, chronicle: Chronicle) -> None:
    about = {"record_type": record._meta.label_lower, "record_id": record.pk}
    people = {login: staff[login] for login in ("rep", "manager", "finance")}
    there = {people[login].pk for _hours, login, _text in said}
    for hours, login, text in said:
        at = days.now - hours * HOURS
        words = text.format_map({name: user.full_name for name, user in people.items()})
        comment = Comment.objects.create(**about, account_id=account_id, by=people[login], text=words, at=at)
        Comment.objects.filter(pk=comment.pk).update(created_at=at, updated_at=at)
        mentioned = {
            pk
            for ids in named_in(words, [(user.pk, user.full_name) for user in people.values()]).values()
            for pk in ids
        }
        CommentReceiver.objects.bulk_create(
            CommentReceiver(comment=comment, user_id=pk, is_mentioned=pk in mentioned, at=at)
            for pk in sorted((there | mentioned | {_owner(record)}) - {people[login].pk})
        )
        name = getattr(record, "name", "") or str(record)
        chronicle.tell(
            talk_events.COMMENT_WRITTEN, people[login], record, account_id, at, name=name, comment=comment.pk
        )
    first = days.now - said[0][0] * HOURS
    Follow.objects.bulk_create(Follow(**about, user_id=pk, at=first) for pk in sorted(there))


def _owner(record: Any) -> int:
    owner: int = record.owner_id if hasattr(record, "owner_id") else record.account.owner_id
    return owner


def _photograph(visit: Visit, by: User, chronicle: Chronicle) -> None:
    """What he saw there: the cabinet with the drive that is to be replaced."""
    photo = draw_anew(BytesIO(_cabinet()))
    at: datetime = visit.at + HOURS
    row = Attachment.objects.create(
        record_type="relationships.visit", record_id=visit.pk, account_id=visit.account_id, name="控制柜.jpg",
        media_type=photo.media_type, size=len(photo.content), sha256=storage.digest(photo.content),
        place=storage.keep(photo.content), small_place=storage.keep(photo.small), width=photo.width, height=photo.height,
        by=by, at=at,
    )  # fmt: skip
    chronicle.tell(
        file_events.FILE_ADDED, by, visit, visit.account_id, at, name=visit.account.name, file=row.name, size=row.size,
        sha256=row.sha256,
    )  # fmt: skip


def _cabinet() -> bytes:
    """A control cabinet with its door open: three drives, one of them with a red light."""
    image = Image.new("RGB", (1600, 1200), "#c9cdd2")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 940, 1600, 1200), fill="#8d9299")
    draw.rectangle((330, 90, 1010, 1010), fill="#dfe2e5", outline="#6b7178", width=10)
    draw.polygon([(1010, 90), (1330, 170), (1330, 1060), (1010, 1010)], fill="#b4b9bf", outline="#6b7178")
    draw.rectangle((380, 140, 960, 960), fill="#eceff1", outline="#a3a9b0", width=4)
    for place, light in enumerate(("#2e9e5b", "#dd5a2b", "#2e9e5b")):
        left = 420 + place * 180
        draw.rounded_rectangle((left, 200, left + 140, 560), 10, fill="#3c434b", outline="#22272c", width=4)
        draw.rectangle((left + 22, 232, left + 118, 312), fill="#9fc3a8")
        draw.ellipse((left + 54, 336, left + 86, 368), fill=light)
        for line in range(5):
            draw.line((left + 24, 410 + line * 26, left + 116, 410 + line * 26), fill="#5d656e", width=8)
        for wire, colour in enumerate(("#b93815", "#2f4bd8", "#d99a00")):
            draw.line((left + 36 + wire * 34, 560, left + 36 + wire * 34, 700), fill=colour, width=8)
    draw.rectangle((410, 700, 930, 760), fill="#5f6875")
    draw.rectangle((410, 820, 930, 900), fill="#d8dbdf", outline="#a3a9b0", width=4)
    out = BytesIO()
    image.save(out, "JPEG", quality=90)
    return out.getvalue()

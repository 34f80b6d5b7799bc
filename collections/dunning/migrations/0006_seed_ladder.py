"""The ladder to start with (assurance §2.8): T−7 courtesy · T+1 reminder · T+7 call · T+15 second letter with statement ·
T+30 manager calls, hold proposed · T+60 formal demand · T+90 lawyer. A ladder that has rungs stays as it is; going back
leaves it: somebody may have edited it.
"""

from django.db import migrations

COURTESY = """This is a short note ahead of time: the amount of {amount} from {count} falls due by {pay_by}. The details are listed below.

If anything you need for the payment is missing – an invoice, a delivery note, a purchase order number – please tell us this week, and we will send it the same day.

Thank you for paying on the day."""
COURTESY_ZH = """特此提前告知：下列{count}，合计{amount}，将于{pay_by}前到期。明细见下表。

如付款所需的发票、送货单或订单号尚有缺漏，请于本周内告知，我方当日补寄。

感谢贵方按期付款。"""

REMINDER = """According to our books the amount of {amount} from {count} is past its due date. The oldest is {oldest}.

Please arrange the transfer so that the amount reaches our account by {pay_by}. If it is already on its way, please send us the bank’s reference and the numbers of the invoices it is for, so that we can post it correctly.

If something stands in the way of the payment, please tell us what it is and who is dealing with it on your side."""
REMINDER_ZH = """经核对我方账目，下列{count}，合计{amount}，已超过约定的付款日期，其中最早一笔为{oldest}。

请贵方安排付款，使款项于{pay_by}前到达我方账户。如已付款，请告知银行流水号及所付发票号码，以便我方准确入账。

如付款存在障碍，请告知具体原因及贵方经办人。"""

SECOND = """We wrote to you about the overdue amount before. As of today the amount of {amount} from {count} is still open. The oldest is {oldest}. A statement of account follows this letter.

Please check the statement and pay {amount} by {pay_by}. If you cannot confirm an item, please name it and the reason in writing within the same time; the undisputed remainder stays payable by that day.

If you need to pay in instalments, propose dates and amounts to us before {pay_by}. We will answer within one working day."""
SECOND_ZH = """就贵方逾期款项，我方此前已致函。截至今日，下列{count}，合计{amount}，仍未收到，其中最早一笔为{oldest}。随函附上对账单。

请贵方核对对账单，并于{pay_by}前支付{amount}。如对个别款项有异议，请在同一期限内书面说明具体款项及理由；无异议部分仍应按期支付。

如需分期付款，请于{pay_by}前提出付款日期及金额，我方将在一个工作日内答复。"""

DEMAND = """{customer} owes us {amount} from {count}, listed below. Each of them is past its due date, the oldest is {oldest}. Our earlier reminders did not lead to payment.

We hereby demand payment of {amount} in full, received in our account by {pay_by}.

If the amount has not arrived by then, we will, without further notice, suspend deliveries on open account and hand the matter to our lawyers. The cost of doing so, and damages for late payment under the contract and the law, will be claimed from you in addition.

Please confirm receipt of this demand with the slip attached, signed and sealed."""
DEMAND_ZH = """截至本函出具之日，{customer}尚欠我方货款{amount}，涉及下列{count}，均已超过约定的付款日期，其中最早一笔为{oldest}。我方多次提示，贵方至今未予支付。

现正式要求贵方于{pay_by}前，将上述款项{amount}全额支付至我方账户。

逾期未付的，我方将不再另行通知，停止赊销供货，并将本案移交律师处理；由此产生的费用，以及依合同约定和法律规定应承担的逾期付款违约责任，均由贵方承担。

请贵方签字盖章后，将所附回执寄回我方。"""

# days, channel, who, name, name_zh, subject, subject_zh, body, body_zh, with_statement, proposes_hold, is_formal
STEPS = [
    (-7, "mail", "system", "Courtesy note", "到期前提示", "Falling due by {pay_by}: {amount}", "付款提示：{amount}将于{pay_by}前到期", COURTESY, COURTESY_ZH, False, False, False),
    (1, "mail", "system", "Reminder", "付款提醒", "Payment reminder: {amount}", "付款提醒函：{amount}", REMINDER, REMINDER_ZH, False, False, False),
    (7, "call", "collector", "Call", "电话催收", "", "", "", "", False, False, False),
    (15, "mail", "system", "Second letter with statement", "二次催款函及对账单", "Overdue: {amount} – statement of account", "催款函：逾期款项{amount}（附对账单）", SECOND, SECOND_ZH, True, False, False),
    (30, "call", "manager", "Manager calls, hold proposed", "经理致电，建议停止供货", "", "", "", "", False, True, False),
    (60, "letter", "system", "Formal demand", "正式催告函", "Formal demand for payment of {amount}", "关于支付逾期货款{amount}的催告函", DEMAND, DEMAND_ZH, True, False, True),
    (90, "legal", "lawyer", "Lawyer’s letter", "律师函", "", "", "", "", False, False, False),
]  # fmt: skip
FIELDS = (
    "days", "channel", "doer", "name", "name_zh", "subject", "subject_zh", "body", "body_zh", "with_statement", "proposes_hold", "is_formal",
)  # fmt: skip


def seed(apps, schema_editor):
    steps = apps.get_model("dunning", "LadderStep").objects
    if not steps.exists():
        steps.bulk_create([steps.model(**dict(zip(FIELDS, step, strict=True))) for step in STEPS])


class Migration(migrations.Migration):
    dependencies = [("dunning", "0005_let_messages_wait")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]

"""The fixed words of letters in both languages. They follow the customer's language, never the reader's of the screen,
and have legal weight: so they stand here side by side and not in the catalogue.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from core.money import round_money
from dunning.choices import Language

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
UNITS = {
    "CNY": "人民币{}元", "USD": "{}美元", "EUR": "{}欧元", "GBP": "{}英镑", "HKD": "{}港元", "TWD": "{}新台币",
    "JPY": "{}日元", "AUD": "{}澳元", "SGD": "{}新加坡元", "KRW": "{}韩元", "CHF": "{}瑞士法郎", "CAD": "{}加元",
}  # fmt: skip

WORDS: dict[str, tuple[str, str]] = {
    # kinds
    "reminder": ("Payment reminder", "付款提醒"),
    "demand": ("Formal demand", "催告函"),
    "confirmation": ("Confirmation", "确认函"),
    "thanks": ("Thank you", "致谢函"),
    "statement": ("Statement of account", "对账单"),
    # address and facts
    "attention": ("Attn. {}", "{} 收"),
    "date": ("Date", "日期"),
    "reference": ("Our reference", "我方编号"),
    "customer_code": ("Your number with us", "客户编号"),
    "currency": ("Currency", "币种"),
    "period": ("Period", "期间"),
    "until": ("{} – {}", "{} 至 {}"),
    "page_footer": ("{}  |  {}", "{}  |  {}"),
    # tables
    "invoice": ("Invoice", "发票号"),
    "order": ("Your order", "贵方订单"),
    "issued": ("Issued", "开票日期"),
    "due": ("Due", "到期日"),
    "days": ("Days late", "逾期天数"),
    "not_due": ("not due", "未到期"),
    "amount_in": ("Amount ({})", "金额（{}）"),
    "open_in": ("Open ({})", "未付金额（{}）"),
    "total": ("Total", "合计"),
    "instalment": ("Instalment", "期次"),
    "pay_on": ("To arrive by", "到账日期"),
    # asking
    "please_pay": ("Please pay", "请支付"),
    "by": ("To arrive by", "到账期限"),
    "bank": ("Our bank account", "收款账户"),
    "for_invoice": ("Invoices in words of the transfer: {}", "付款时请注明发票号：{}"),
    "reserve": (
        "All further claims, in particular for late payment, remain reserved.",
        "我方保留依合同约定及法律规定主张逾期付款违约责任等其他权利。",
    ),
    # signature
    "closing": ("Yours faithfully,", "\u3000\u3000此致\n敬礼！"),
    "under": ("Accounts receivable", "财务部（应收账款）"),
    "our_seal": ("Company seal", "（公章）"),
    # slips
    "slip_demand": ("Acknowledgement of receipt", "回执"),
    "slip_demand_line": (
        "We have received the formal demand {} of {} for {}.",
        "我方已收到{}号催告函（{}），涉及金额{}。",
    ),
    "slip_demand_pay": ("We will pay in full on: ____________________", "我方将于　　　　年　　月　　日前全额付款。"),
    "slip_statement": ("Confirmation of balance", "对账回执"),
    "slip_statement_line": (
        "Statement {}: balance {} as of {}. Please tick, sign, seal and return within ten days.",
        "{}号对账单：余额{}（截至{}）。请勾选并签字盖章，于十日内寄回。",
    ),
    "slip_agrees": ("The balance agrees with our books.", "信息证明无误，与我方账目一致。"),
    "slip_differs": ("It differs; the differences are listed on a sheet attached.", "信息不符，差异明细另附。"),
    "slip_name": ("Name, position", "经办人及职务"),
    "slip_date": ("Date, signature", "签字及日期"),
    "slip_seal": ("Customer’s seal", "（客户盖章）"),
    # statement
    "statement_subject": ("Statement of account as of {}", "截至{}的对账单"),
    "statement_body": (
        "Below you find every movement on your account in this period and every item open at its end. Please compare it with your books.",
        "以下为贵方账户在本期间的全部往来及期末未结清款项，请与贵方账目核对。",
    ),
    "opening": ("Opening balance", "期初余额"),
    "debits": ("Charged", "本期增加"),
    "credits": ("Paid and credited", "本期减少"),
    "closing_balance": ("Closing balance", "期末余额"),
    "movements": ("Movements", "往来明细"),
    "on": ("Date", "日期"),
    "what": ("Entry", "摘要"),
    "number": ("Number", "单据号"),
    "debit": ("Charged", "增加"),
    "credit": ("Paid", "减少"),
    "balance": ("Balance", "余额"),
    "items": ("Open items as of {}", "截至{}的未结清款项"),
    "no_items": ("Nothing is open.", "无未结清款项。"),
    "claimed": ("Interest and costs", "利息及费用"),
    "items_total": ("Open items", "未结清款项合计"),
    "unapplied": ("Less payments and credits not yet matched to an invoice", "减：尚未核销的付款及贷项"),
    "disputed": ("of which under discussion", "其中有争议金额"),
    "overdue": ("of which overdue", "其中逾期"),
    # movements by kind
    "m_invoice": ("Invoice", "发票"),
    "m_opening": ("Balance brought over", "期初结转"),
    "m_charge": ("Interest or costs", "利息或费用"),
    "m_payment": ("Payment received", "收款"),
    "m_refund": ("Refund", "退款"),
    "m_credit_note": ("Credit note", "贷项通知单"),
    "m_write_off": ("Taken off", "核减"),
    "m_payment_reversed": ("Payment reversed", "收款冲销"),
    "m_refund_reversed": ("Refund reversed", "退款冲销"),
    "m_credit_note_reversed": ("Credit note reversed", "贷项冲销"),
    "m_write_off_reversed": ("Taking off reversed", "核减冲销"),
    # salutation
    "dear": ("Dear {},", "尊敬的{}："),
    "dear_nobody": ("Dear Sir or Madam,", "尊敬的客户："),
    "invoices": ("{} invoices", "{}张发票"),
    "one_invoice": ("one invoice", "1张发票"),
    "oldest": ("{} (due {})", "{}（{}到期）"),
}  # fmt: skip


def is_chinese(language: str) -> bool:
    """Whether a letter is in Chinese."""
    return language == Language.CHINESE


def word(key: str, language: str, *values: object) -> str:
    """One of the fixed words, with its blanks filled."""
    text = WORDS[key][is_chinese(language)]
    return text.format(*values) if values else text


def day(on: date, language: str) -> str:
    """A day as letters write it: 4 December 2026, 2026年12月4日."""
    if is_chinese(language):
        return f"{on.year}年{on.month}月{on.day}日"
    return f"{on.day} {MONTHS[on.month - 1]} {on.year}"


def short_day(on: date, language: str) -> str:
    """A day in a table: 4 Dec 2026, 2026-12-04."""
    return on.isoformat() if is_chinese(language) else f"{on.day} {MONTHS[on.month - 1][:3]} {on.year}"


def figure(amount: Decimal) -> str:
    """An amount in a table, whose head names the currency."""
    text = f"{abs(round_money(amount)):,.2f}"
    return f"−{text}" if amount < 0 else text


def amount_in_words(amount: Decimal, currency: str, language: str) -> str:
    """An amount in a sentence: CNY 1,234.00, 人民币1,234.00元."""
    if is_chinese(language) and currency in UNITS:
        return UNITS[currency].format(figure(amount))
    return f"{currency} {figure(amount)}"

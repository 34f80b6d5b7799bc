"""Why a row of a ledger is refused, and what an import tells beside: the sentences, and the words of other programs."""

from django.utils.translation import gettext_lazy as _

from core.imports.problems import declare_notes
from core.imports.reasons import declare

declare(
    {
        "zero_amount": _("The amount is zero: there is nothing to owe or to pay."),
        "day_to_come": _("“%(value)s” is still to come."),
        "number_shared": _(
            "Other rows have the number “%(value)s” with other contents. Mend the numbers, or choose that each row is its own."
        ),
        "zeros_differ": _(
            "It stands here as “%(value)s”, with leading zeros and with another amount or day. Mend the number."
        ),
        "day_two_ways": _("The day can be %(value)s, and nothing tells which. Set the order of dates."),
        "paid_too_much": _("More is paid than the invoice is: %(value)s."),
        "invoice_unknown": _("There is no invoice “%(value)s” of this customer."),
        "other_currency": _("The invoice is in %(value)s."),
        "overpays": _("It pays more than is open: %(value)s."),
        "refund_too_much": _("The customer has less than that unallocated: %(value)s."),
    }
)
declare_notes(
    {
        "new_sum": _("What is new comes to %(names)s."),
        "new_sum_open": _("What is new comes to %(names)s; open of it: %(open)s."),
        "new_credit_sum": _("The new credit notes come to %(names)s."),
        "not_owed": _("%(rows)s rows are no debts by what their status says; they are left out."),
        "not_done": _("%(rows)s payments did not take place by what their status says; they are left out."),
        "went_out": _("%(rows)s lines went out of our account and are left out: %(names)s."),
        "neither": _("%(rows)s lines neither came in nor went out and are left out: %(names)s."),
        "zeros_restored": _("%(rows)s numbers lost their leading zeros; they are known here as: %(names)s."),
        "days_by_terms": _(
            "%(rows)s rows have days that can be read two ways; the terms of the other rows (%(terms)s days) decide. Rows: %(names)s."
        ),
        "paid_days_by_order": _(
            "%(rows)s payment days can be read two ways; only one of the two lies between the invoice and the last payment. Rows: %(names)s."
        ),
        "days_assumed": _(
            "%(rows)s days can be read two ways and nothing decides; they are read in the order that was set. Look at rows %(names)s."
        ),
        "lines_add_up_otherwise": _(
            "%(rows)s invoices state another amount than their lines add up to. The amount stated counts: %(names)s."
        ),
        "due_before_issued": _(
            "%(rows)s invoices are due before they were issued. They are taken as they are: %(names)s."
        ),
        "paid_undated": _("%(rows)s paid amounts have no day; they count from the day of the invoice."),
        "payers_known": _("%(rows)s payments were matched to customers by bank account or name."),
        "payers_unknown": _("%(rows)s payments have no known customer yet: assign them, and they can be allocated."),
    }
)

NOT_OWED = "not_owed"
STATUS_WORDS = {
    **dict.fromkeys(
        ("open", "overdue", "outstanding", "unpaid", "due", "partial", "partiallypaid", "sent", "viewed", "approved", "issued",
         "未付", "未收", "未收款", "未结清", "部分收款", "部分付款", "逾期", "已逾期", "已开票", "已审核"), "owed"),
    **dict.fromkeys(("paid", "settled", "closed", "paidinfull", "已付", "已付款", "已收", "已收款", "已结清", "结清"), "paid"),
    **dict.fromkeys(
        ("draft", "cancelled", "canceled", "void", "voided", "deleted", "pending", "rejected", "quote", "proforma",
         "草稿", "作废", "已作废", "取消", "已取消", "待审核", "未审核"), NOT_OWED),
}  # fmt: skip
"""What other programs call the state of an invoice (normalised): a first proposal, the person says the last word."""

DIRECTION_WORDS = {
    **dict.fromkeys(("in", "credit", "cr", "c", "贷", "贷cr", "收入", "转入", "存入", "汇入", "收", "deposit"), "in"),
    **dict.fromkeys(("out", "debit", "dr", "d", "借", "借dr", "支出", "转出", "取出", "汇出", "支", "付", "withdrawal"), "out"),
    **dict.fromkeys(("neither", "不计收支", "其他"), "neither"),
}  # fmt: skip
"""Which way money went, from our side: what the bank credits came in."""

DONE_WORDS = {
    **dict.fromkeys(("done", "success", "completed", "booked", "posted", "交易成功", "退款成功", "支付成功", "已入账", "成功",
                     "等待确认收货", "已收钱", "转账成功"), "done"),
    **dict.fromkeys(("closed", "failed", "cancelled", "canceled", "pending", "rejected", "returned", "交易关闭", "交易失败",
                     "失败", "等待付款", "已关闭", "已撤销"), "not_done"),
}  # fmt: skip

CURRENCY_WORDS = {
    "人民币": "CNY", "rmb": "CNY", "元": "CNY", "cnh": "CNY", "美元": "USD", "欧元": "EUR", "港币": "HKD", "港元": "HKD",
    "英镑": "GBP", "日元": "JPY", "澳元": "AUD",
}  # fmt: skip

METHOD_WORDS = {
    **dict.fromkeys(("eft", "banktransfer", "wire", "ach", "directdebit", "dd", "bacs", "sepa", "转账", "银行转账", "电汇"), "transfer"),
    **dict.fromkeys(("check", "支票"), "cheque"),
    **dict.fromkeys(("acceptance", "draft", "承兑", "银行承兑", "商业承兑", "汇票"), "bill"),
    **dict.fromkeys(("现金",), "cash"),
    **dict.fromkeys(("creditcard", "debitcard", "visa", "mastercard", "刷卡", "银行卡"), "card"),
    **dict.fromkeys(("alipay", "wechat", "wechatpay", "paypal", "支付宝", "微信", "微信支付"), "wallet"),
}  # fmt: skip

"""What is said and written about money owed: in Chinese for firms at home, in English for those abroad."""

QUOTES = (
    ("月底前一定安排，财务总监已签字。", "We pay before the end of the month, the CFO has signed."),
    ("这笔排在下周付款批次里。", "It is in next week’s payment run."),
    ("回款一到马上付给你们。", "As soon as our customer pays us, you get yours."),
    ("先付一部分，余款下月。", "A part now, the rest next month."),
)
SAID = {
    "no_answer": ("总机转分机无人接听。", "Switchboard put me through, nobody picked up."),
    "wrong_person": ("接电话的是采购，付款归财务部管。", "Got purchasing; payment is with accounts payable."),
    "call_back": ("会计在开会，约下午再打。", "The accountant is in a meeting, call again in the afternoon."),
    "promise": (
        "核对了发票号和金额，对方确认无误，给了付款日期。",
        "Went through numbers and amounts; they agree and named a day.",
    ),
    "dispute": ("对方认可其余款项，只对争议部分不认。", "They accept the rest and dispute this part only."),
    "paid": ("对方说上周已付，请其发银行回单。", "They say it was paid last week; asked for the bank’s slip."),
    "refused": ("对方拒绝说明付款时间，态度强硬。", "They would not name any day."),
    "papers": (
        "对方没收到送货单，补齐后才进付款流程。",
        "The delivery note never reached them; they start when it does.",
    ),
}
CAUSES = {
    "unhappy": (
        "三号线节拍未达标，对方等整改完成。",
        "The line is below its cycle time; they wait until it is mended.",
    ),
    "shortage": ("下游回款慢，每月只能安排一部分。", "Their customers pay late; they can pay a part each month."),
    "crisis": ("供应商起诉多起，账户被冻结。", "Several suppliers have sued, accounts are frozen."),
    "habitual": ("每次都要催三遍，逾期一个多月才付。", "Pays only after the third call, a month late."),
    "malicious": ("有钱扩产却不付旧账，占用我方资金。", "They expand with our money and leave old invoices unpaid."),
    "our_papers": ("我方送货单和验收单没有寄全。", "We did not send delivery note and acceptance."),
    "dispute": ("对其中一台设备的验收有异议。", "They do not accept one of the machines."),
}
DISPUTES = {
    "quality": ("两台相机误检率超标，待更换。", "Two cameras reject good parts, replacement under way."),
    "quantity": ("少到一箱备件，物流已查实。", "One crate of spares is missing, the carrier confirms it."),
    "price": ("服务费单价与合同附件二不符。", "The rate for service differs from annex 2."),
}
HOLD = (
    "多起诉讼，逾期超过四个月，未结清前不再发货。",
    "Sued by several, four months late: no further supply until it is settled.",
)
INSOLVENCY = ("法院公告：已受理其破产重整申请。", "Court notice: petition for insolvency accepted.")
DEREGISTERED = ("工商登记显示已注销，无承继主体。", "The register shows it as dissolved, without successor.")
WRITE_OFF = (
    "已注销且无承继人，律师查询无可执行财产。",
    "Dissolved without successor; counsel found nothing to enforce against.",
)
SMALL_REST = ("尾差，追讨成本高于金额。", "A rest that costs more to pursue than it is.")
PAUSED = ("总经理更换，新班子上任前约定暂不催收。", "New management takes over; agreed to wait until then.")
OVERRULED = ("老客户，已见到其银行授信批复，信心足。", "We have seen their bank’s new facility: no doubt about it.")
BOUNCED = ("银行退票：支票账户余额不足。", "The cheque came back unpaid.")
COSTS = ("律师函及公证送达费用", "Lawyer’s letter and its certified delivery")
RETURNED = ("退回两套夹具", "Two fixtures returned")
PRICE_CORRECTED = ("更正服务单价", "Rate for service corrected")
REBATE = ("年度返利", "Yearly rebate")
GOALS = ("本周拿到全部逾期款", "All that is overdue this week")
MINIMUMS = ("先付一半并书面确认余款日期", "Half of it, and the day of the rest in writing")
SECURITIES = ("设备所有权保留至付清", "Title to the machines until paid")

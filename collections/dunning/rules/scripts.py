"""What to say on the phone (C8): polite, firm, specific, by grade and by cause, in both languages.

The order of a call: open with contract and amount, ask and listen, answer the reason they give, press from soft to hard as
far as the grade allows, close with thanks and the date repeated. It never begs pardon for calling: the money is owed.
Texts hold {names} that `Facts` fills; they are the customer's words, not the reader's, so both languages are always there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from dunning.choices import Language
from receivables.choices import Cause, Grade

EN, ZH = Language.ENGLISH, Language.CHINESE
Text = Mapping[Language, str]


@dataclass(frozen=True)
class Facts:
    """What is put into the texts, already written for the language: the oldest invoice with its contract, its amount, its day.

    `more` counts the other overdue invoices of the same currency, `total` is all of them together.
    """

    person: str
    caller: str
    us: str
    item: str
    amount: str
    more: int
    total: str
    due: str
    days: str
    pay_by: str


def named(invoice: str, contract: str, language: Language) -> str:
    """An invoice with its contract as it is said on the phone; the number of the contract may be unknown."""
    text = OF_CONTRACT if contract else ALONE
    return text[language].format(invoice=invoice, contract=contract)


def days_past_due(days: int, language: Language) -> str:
    """A length of time: 12 days, 12天."""
    return f"{days}天" if language == ZH else f"{days} day{'' if days == 1 else 's'}"


OF_CONTRACT: Text = {EN: "contract {contract}, invoice {invoice}", ZH: "合同{contract}、发票{invoice}"}
ALONE: Text = {EN: "invoice {invoice}", ZH: "发票{invoice}"}


@dataclass(frozen=True)
class Script:
    """A call in one language. `answers` are by cause, "" while none is known; `press` goes from soft to hard.

    `close` is what comes before and after the promise, which is said back as it was typed.
    """

    language: Language
    opening: str
    ask: str
    answers: Mapping[str, str]
    press: tuple[str, ...]
    close: tuple[str, str]


def script(grade: Grade, facts: Facts, language: Language) -> Script:
    """The words for a call about a debt of this grade."""
    values = asdict(facts)

    def say(text: Text) -> str:
        return text[language].format_map(values)

    first, last = RUNGS[grade]
    return Script(
        language=language,
        opening=SPACE[language].join([say(OPENING), *([say(TOGETHER)] if facts.more else []), say(STANDING[grade])]),
        ask=say(ASK[grade]),
        answers={cause: say(text) for cause, text in ANSWERS.items()},
        press=tuple(say(text) for text in PRESS[first:last]),
        close=(say(THANKS), say(AFTER)),
    )


SPACE = {EN: " ", ZH: ""}

OPENING: Text = {
    EN: "Good day, {person}. This is {caller}, accounts receivable at {us}. "
    "I am calling about {item}: {amount}, due on {due}.",
    ZH: "{person}，您好。我是{us}应收账款的{caller}。今天打电话是为{item}：{amount}，到期日{due}。",
}

TOGETHER: Text = {
    EN: "Together with what else is overdue (invoices: {more}) it comes to {total}.",
    ZH: "连同另外{more}张逾期发票，合计{total}。",
}

STANDING: Mapping[Grade, Text] = {
    Grade.NORMAL: {EN: "The oldest is {days} past due.", ZH: "最早的一笔已经逾期{days}。"},
    Grade.DOUBTFUL: {
        EN: "The oldest is {days} past due, so today I need a firm date from you.",
        ZH: "最早的一笔已经逾期{days}，所以今天需要和您定下一个确切的付款日期。",
    },
    Grade.BAD: {
        EN: "The oldest is {days} past due. I cannot leave it open any longer and need a decision today.",
        ZH: "最早的一笔已经逾期{days}，不能再拖，今天需要您这边给一个决定。",
    },
    Grade.DEAD: {
        EN: "The oldest is {days} past due. Our claim stands in full, and I want to know what can be paid, when, and by whom.",
        ZH: "最早的一笔已经逾期{days}。这笔债权我们全额保留，请告诉我能付多少、什么时候付、由谁来付。",
    },
}

ASK: Mapping[Grade, Text] = {
    Grade.NORMAL: {
        EN: "Can you tell me on which day it will be paid? I have {pay_by} in mind.",
        ZH: "请问哪一天可以付款？我希望是{pay_by}之前。",
    },
    Grade.DOUBTFUL: {
        EN: "What has kept it from being paid, and on which day up to {pay_by} does it go out?",
        ZH: "是什么原因一直没有付？在{pay_by}之前，哪一天能付出来？",
    },
    Grade.BAD: {
        EN: "Who can release this payment today, and how much of it goes out by {pay_by}?",
        ZH: "今天谁能批这笔款？{pay_by}之前能付多少？",
    },
    Grade.DEAD: {
        EN: "Who answers for the firm’s debts now, and what has been set aside for ours?",
        ZH: "公司的债务现在由谁负责？给我们这笔留了什么安排？",
    },
}

ANSWERS: Mapping[str, Text] = {
    "": {
        EN: "What stands in the way of paying it? (Ask once, then listen to the end.)",
        ZH: "付款现在卡在哪里？（只问一次，听对方说完。）",
    },
    Cause.UNHAPPY: {
        EN: "Thank you for telling me. I open a complaint for it now, and you will have an answer. "
        "What you do not complain about is due: may I note {pay_by} for that part?",
        ZH: "谢谢您告诉我。我现在就登记投诉，一定给您答复。没有异议的部分已经到期：这部分记{pay_by}付，可以吗？",
    },
    Cause.SHORTAGE: {
        EN: "Then let us fix a plan: a first part this week, the rest in equal parts on fixed days, in writing. "
        "How much can go out first?",
        ZH: "那我们定一个计划：本周先付第一笔，其余按固定日期等额分期，写成书面。第一笔能付多少？",
    },
    Cause.CRISIS: {
        EN: "I understand how serious it is. What can be paid today, and what security can you give for the rest? "
        "Until then we deliver against payment only.",
        ZH: "我明白情况严重。今天能付多少？其余部分能提供什么担保？在此之前我们只能款到发货。",
    },
    Cause.HABITUAL: {
        EN: "The day agreed was {due}. On which of your next paying days does it go out? "
        "I will call the working day before to check that it is in the run.",
        ZH: "约定的日期是{due}。下一个付款日是哪天？前一个工作日我会再打电话，确认已经排进付款。",
    },
    Cause.MALICIOUS: {
        EN: "I have had this answer before. I need the payment by {pay_by}; after that it goes the formal way.",
        ZH: "这个答复我听过了。请在{pay_by}之前付款；过了这一天，就走正式程序。",
    },
    Cause.ACCIDENT: {
        EN: "Who is in charge of settling it now, and by when? Please send me the papers, so that we can register our claim.",
        ZH: "现在由谁负责处理，什么时候有结果？请把相关文件发给我，我们好登记债权。",
    },
    Cause.OUR_PAPERS: {
        EN: "That is for us to put right: the papers go out to you today. With them in hand, on which day do you pay?",
        ZH: "这是我们该补的：资料今天就发给您。收到以后，哪一天付款？",
    },
    Cause.DISPUTE: {
        EN: "Which amount exactly do you dispute, and why? I take it down now and have it settled. "
        "The rest stays due: on which day is it paid?",
        ZH: "您具体对哪部分金额有异议，原因是什么？我现在记下来去处理。其余部分照常到期：哪一天付？",
    },
}
"""What to answer to the reason they give (C4)."""

PRESS: tuple[Text, ...] = (
    {
        EN: "Goods and invoice have reached you and nothing is open on our side. Which date may I note?",
        ZH: "货物和发票您都收到了，我们这边没有遗留问题。我记哪一天？",
    },
    {
        EN: "If not all of it at once: which part goes out this week, and on which day the rest?",
        ZH: "如果一次付不清：本周先付哪一部分，其余哪一天付？",
    },
    {
        EN: "We keep our delivery dates to you. We count on the same for our money.",
        ZH: "我们对贵公司的交期一直守约，付款也希望贵公司同样守约。",
    },
    {
        EN: "Who releases the payment? I would like to agree the date with that person directly, today.",
        ZH: "这笔款由谁批？我想今天直接和他把日期定下来。",
    },
    {
        EN: "Without a firm date I have to propose that we stop deliveries on account.",
        ZH: "没有确切的日期，我只能提出暂停赊销发货。",
    },
    {
        EN: "Our next step is a formal demand in writing, with late interest from {due} on.",
        ZH: "我们的下一步是书面催告，并从{due}起计收逾期利息。",
    },
    {
        EN: "After that the file goes to our lawyer. I would rather note a date from you now.",
        ZH: "再往后，案卷就交给律师。我更希望现在就记下您给的日期。",
    },
)
"""Ways to press, soft to hard. What is said is done: nobody says a rung that we would not take."""

RUNGS: Mapping[Grade, tuple[int, int]] = {
    Grade.NORMAL: (0, 4),
    Grade.DOUBTFUL: (1, 5),
    Grade.BAD: (3, 7),
    Grade.DEAD: (3, 7),
}
"""From which rung to which a grade allows."""

THANKS: Text = {EN: "Thank you, {person}. I repeat:", ZH: "谢谢您，{person}。我重复一下："}
AFTER: Text = {
    EN: "Please quote {item} with the payment. You will have this from me in writing today.",
    ZH: "汇款时请注明{item}。今天我会把书面确认发给您。",
}

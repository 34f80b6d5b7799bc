"""What customers usually say instead of paying, with answers: a beginning, to be changed by finance."""

from django.db import migrations

DECREE = "Regulation on Payments to SMEs (State Council Decree 802), art. {}; where we are an SME, the buyer a public body or a large firm"
DECREE_ZH = (
    "《保障中小企业款项支付条例》（国务院令第802号）第{}条；适用于我方为中小企业、买方为机关事业单位或大型企业的情形"
)

# cause, they say, 他们说, we answer, 我们答, law, 法律依据, next step
EXCUSES = [
    (
        "shortage", "Our own customer has not paid us yet.", "我们的客户还没付款给我们。",
        "Our contract is with you, and it does not wait for theirs. Which part can go out this week, and on which day the rest?",
        "合同是我们和贵公司签的，付款不以你们收到下家款为前提。本周先付哪一部分，其余哪一天付？",
        DECREE.format("9"), DECREE_ZH.format("九"), "call",
    ),
    (
        "shortage", "There is no money in the account just now.", "账上现在没钱。",
        "Then let us put a plan in writing today: a first part now, the rest on fixed days. How much goes out first?",
        "那我们今天就写一份还款计划：先付一笔，其余定好日期。第一笔付多少？",
        "Civil Code, art. 195: an offer to pay by instalments restarts the limitation", "《民法典》第一百九十五条：同意分期履行的，诉讼时效中断", "call",
    ),
    (
        "crisis", "The bank has frozen our accounts.", "银行把我们的账户冻结了。",
        "Please send me the order that froze them. What security can you give until they are free? Until then we deliver against payment.",
        "请把冻结文书发给我。解冻之前能提供什么担保？在此之前我们款到发货。", "", "", "manager",
    ),
    (
        "habitual", "The boss is away; nobody else can sign.", "老板不在，没人能签字。",
        "Who signs for him while he is away, and on which number do I reach him? It was due on the day we agreed, whoever is away.",
        "他不在由谁代签？怎么联系他？到期日是双方约定的，不因谁不在而改变。",
        DECREE.format("14"), DECREE_ZH.format("十四"), "call",
    ),
    (
        "habitual", "It missed this month’s payment run.", "没赶上这个月的付款批次。",
        "Then it goes out by itself this week, or it is the first of the next run: which day is that? I will call the day before.",
        "那就本周单独付，或者排进下一批的第一笔：哪一天？前一天我再打电话确认。", "", "", "call",
    ),
    (
        "habitual", "It is still being approved, the audit is not finished.", "还在走审批，审计没结束。",
        "Your approval is yours to finish before the due day; it does not move it. Who has it on the desk now? I will speak with that person.",
        "内部审批应在到期日前完成，不影响到期。现在卡在谁那里？我直接和他说。",
        DECREE.format("14"), DECREE_ZH.format("十四"), "call",
    ),
    (
        "habitual", "We only pay by draft.", "我们只能用承兑汇票付。",
        "The contract names a transfer. A draft only if both of us agree, with the discount on your side. May I note a transfer for this week?",
        "合同约定的是转账。用票据须双方同意，贴现费用由贵方承担。这笔本周转账，可以吗？",
        DECREE.format("11"), DECREE_ZH.format("十一"), "call",
    ),
    (
        "malicious", "Sue us, then.", "那你们去告吧。",
        "I would rather note a date. The formal demand goes out today; with it interest runs, and our lawyer has the file.",
        "我更愿意记一个日期。书面催告今天发出，利息照计，案卷交给律师。",
        "Sales contracts, SPC interpretation, art. 18: late interest of one-year LPR plus 30–50 %", "最高法买卖合同司法解释第十八条：逾期付款损失按一年期LPR加计30–50%", "legal",
    ),
    (
        "our_papers", "We never received the invoice.", "我们没收到发票。",
        "It goes out again to you within the hour; who confirms that it arrived? With it in hand, on which day do you pay?",
        "一小时内再发一次，由谁确认收到？收到以后哪一天付款？", "", "", "send_papers",
    ),
    (
        "our_papers", "The amounts do not agree with our books.", "金额和我们的账对不上。",
        "You have the statement of account today. Which lines differ? The others are due: on which day are they paid?",
        "今天就把对账单发给您。哪几笔不一致？一致的已经到期：哪一天付？", "", "", "send_statement",
    ),
    (
        "dispute", "The goods have not been inspected yet.", "货还没验收。",
        "They were delivered on the day of the note. Inspection that takes longer does not move the due day; what exactly is open?",
        "送货单上有交货日期。验收拖延不顺延付款期；具体还有什么没验？",
        DECREE.format("10"), DECREE_ZH.format("十"), "call",
    ),
    (
        "dispute", "We pay nothing until the complaint is settled.", "投诉没解决，一分钱不付。",
        "The amount in dispute waits until it is settled; the rest is due. Which amount do you dispute? For the rest I note a date now.",
        "有争议的部分等处理完，其余照常到期。具体争议多少？其余部分我现在记付款日期。",
        DECREE.format("15"), DECREE_ZH.format("十五"), "call",
    ),
    (
        "unhappy", "We are not content with the quality.", "我们对质量不满意。",
        "Thank you for saying so. I open the complaint now and you have an answer by tomorrow. What you do not complain about is paid on which day?",
        "谢谢您说出来。我现在登记，明天给您答复。没有异议的部分哪一天付？", "", "", "call",
    ),
    (
        "accident", "The firm is being closed.", "公司要注销了。",
        "Who is in charge of winding it up, and by when must claims be registered? Please send me the notice; ours is on its way.",
        "清算由谁负责？债权申报截止到哪一天？请把公告发给我，我们马上申报。", "", "", "legal",
    ),
]  # fmt: skip
FIELDS = ("cause", "says", "says_zh", "reply", "reply_zh", "law", "law_zh", "next_action")


def seed(apps, schema_editor):
    excuses = apps.get_model("dunning", "Excuse").objects
    if not excuses.exists():
        excuses.bulk_create([excuses.model(**dict(zip(FIELDS, excuse, strict=True))) for excuse in EXCUSES])


class Migration(migrations.Migration):
    dependencies = [("dunning", "0008_add_excuses")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]

"""What people say about visits, in Chinese for accounts at home and in English abroad."""

PURPOSES = (
    ("了解今年的扩产计划", "Learn about this year’s expansion"),
    ("介绍新一代伺服方案", "Present the new servo line"),
    ("和设备部谈技术要求", "Talk through the technical requirements"),
    ("确认预算范围", "Settle the budget range"),
    ("回访上月的试用情况", "Ask how last month’s trial went"),
    ("认识新来的采购经理", "Meet the new head of purchasing"),
    ("讨论售后响应时间", "Discuss response times of service"),
    ("送检测报告", "Bring the test report"),
    ("邀请参观我们的工厂", "Invite them to our plant"),
    ("约总经理见面", "Arrange to meet the managing director"),
)
OUTCOMES = (
    (
        "设备部认可方案，担心交期，要我们给出书面承诺",
        "Engineering likes it; worried about delivery, wants it in writing",
    ),
    ("预算已批，金额要到下周才能说", "The budget is approved; the figure follows next week"),
    ("王工愿意推荐我们，但要先看到同行案例", "The lead engineer will speak for us once he sees a reference"),
    ("竞争对手上周刚来过，报价低百分之八", "A competitor was here last week, eight per cent cheaper"),
    ("现有设备故障多，生产部很不满", "Their present machines fail often; production is unhappy"),
    ("采购要求延长账期到九十天，没有答应", "Purchasing asks for ninety days; not agreed"),
    ("同意下月安排小批量试用", "They agree to a small trial next month"),
    ("项目推迟到下个财年，先保持联系", "Put off to the next fiscal year; stay in touch"),
    ("见到了总经理，他最看重的是停机时间", "Met the managing director: downtime is what counts for him"),
    ("样品检测合格，等内部评审", "The sample passed; the internal review comes next"),
    ("电话没谈几句，约好当面再说", "A short call; we agreed to meet"),
    ("对服务响应满意，问能不能加备件库", "Happy with service; asks for a spare-parts store"),
)
NEXT_STEPS = (
    ("发书面报价", "Send the offer"),
    ("带技术同事再去一次", "Go again with an engineer"),
    ("寄同行业案例", "Send a reference of the same trade"),
    ("打电话确认评审结果", "Call about the review"),
    ("约总经理见面", "Meet the managing director"),
    ("安排样机试用", "Arrange the trial"),
    ("核对技术参数表", "Check the specification"),
)

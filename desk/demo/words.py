"""What invented firms and people are called, and what is said about them."""

FIRST_SIGNS = "沐澜岚珩璟昱翊霁笙澍芃峤玥祺湛煦"
SECOND_SIGNS = "川野舟杉禾屿棠原泽桥谷峰岭湾榆汀"

# region, city, first six figures of a credit code there
PLACES_AT_HOME = (
    ("江苏", "苏州", "320500"), ("江苏", "无锡", "320200"), ("江苏", "南京", "320100"), ("江苏", "常州", "320400"),
    ("上海", "上海", "310000"), ("浙江", "宁波", "330200"), ("浙江", "杭州", "330100"), ("浙江", "嘉兴", "330400"),
    ("安徽", "合肥", "340100"), ("北京", "北京", "110000"), ("天津", "天津", "120000"), ("河北", "保定", "130600"),
    ("山东", "青岛", "370200"), ("山东", "济南", "370100"), ("辽宁", "大连", "210200"), ("河南", "郑州", "410100"),
)  # fmt: skip
EASTERN = {"江苏", "上海", "浙江", "安徽"}

# what the firm's name says it makes, its industry
TRADES = (
    ("汽车零部件", "汽车"), ("新能源科技", "新能源"), ("动力电池", "新能源"), ("食品", "食品饮料"), ("饮料", "食品饮料"),
    ("医药", "医药"), ("生物制药", "医药"), ("电子", "电子"), ("半导体", "电子"), ("精密机械", "机械"), ("重工", "机械"),
    ("纺织", "纺织"), ("包装", "包装"), ("化工", "化工"), ("物流设备", "物流"), ("轨道交通装备", "轨道交通"),
    ("工程设计院", "设计院"), ("系统集成", "系统集成"), ("水务", "公用事业"), ("家电", "家电"),
)  # fmt: skip
FORMS = ("有限公司", "有限公司", "有限公司", "股份有限公司", "集团有限公司", "（中国）有限公司")

BEGINNINGS = ("Nor", "Hald", "Bren", "Calv", "Vel", "Torr", "Mar", "Lind", "Kess", "Drav", "Ost", "Fenn", "Wil", "Sor")
ENDINGS = ("vik", "mont", "ora", "strom", "wick", "berg", "ella", "ano", "field", "mark", "holt", "tera")
TRADES_ABROAD = (
    ("Automotive", "Automotive"), ("Foods", "Food and drink"), ("Beverages", "Food and drink"), ("Pharma", "Pharmaceuticals"),
    ("Packaging", "Packaging"), ("Batteries", "New energy"), ("Robotics", "Machinery"), ("Machinery", "Machinery"),
    ("Electronics", "Electronics"), ("Chemicals", "Chemicals"), ("Logistics", "Logistics"), ("Engineering", "Engineering"),
)  # fmt: skip
# country, city, form of the firm, currency
PLACES_ABROAD = (
    ("Germany", "Stuttgart", "GmbH", "EUR"), ("Germany", "Hamburg", "AG", "EUR"), ("Italy", "Bologna", "S.p.A.", "EUR"),
    ("Netherlands", "Eindhoven", "B.V.", "EUR"), ("France", "Lyon", "S.A.S.", "EUR"), ("Sweden", "Göteborg", "AB", "EUR"),
    ("United Kingdom", "Leeds", "Ltd", "GBP"), ("United States", "Detroit", "Inc.", "USD"),
    ("United States", "Houston", "LLC", "USD"), ("Singapore", "Singapore", "Pte. Ltd.", "USD"),
    ("Malaysia", "Penang", "Sdn. Bhd.", "USD"), ("Vietnam", "Hai Phong", "Co., Ltd.", "USD"),
)  # fmt: skip

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘蒋蔡余杜叶程苏"
    "魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵"
)
GIVEN = (
    "伟", "芳", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛", "明", "超", "秀兰", "霞", "平", "刚",
    "桂英", "建国", "志强", "海燕", "晓东", "文博", "雨桐", "子轩", "思远", "佳宁", "俊杰", "梓涵", "晓琳", "国栋", "慧敏", "振华",
)  # fmt: skip
FIRST_NAMES = (
    "Anna", "Jonas", "Marta", "Peter", "Lucia", "Erik", "Sofia", "Daniel", "Ingrid", "Paul", "Elena", "Thomas", "Karin",
    "James", "Olivia", "Marco", "Hanna", "Victor", "Claire", "Samuel", "Linh", "Farah", "Wei Ming", "Rajesh",
)  # fmt: skip
LAST_NAMES = (
    "Keller", "Rossi", "Lindqvist", "Moreau", "Bakker", "Hughes", "Carter", "Weber", "Ferrari", "Nguyen", "Tan", "Rahman",
    "Jansen", "Dubois", "Schwarz", "Bianchi", "Ekström", "Walker", "Mitchell", "Lim", "Vogel", "Conti", "Berg", "Turner",
)  # fmt: skip

# department, title, what to call him or her, roles, by seniority
POSTS = (
    ("总经办", "总经理", "总", ("general_manager", "decider")),
    ("采购部", "采购总监", "总", ("decider", "negotiator")),
    ("采购部", "采购经理", "经理", ("negotiator", "contract_handler")),
    ("采购部", "采购专员", "", ("contract_handler", "gatekeeper")),
    ("技术部", "技术总监", "总", ("specifier", "decider")),
    ("技术部", "自动化工程师", "工", ("specifier", "user")),
    ("生产部", "生产部经理", "经理", ("user", "influencer")),
    ("设备部", "设备主管", "工", ("maintainer", "installer")),
    ("财务部", "财务总监", "总", ("money_approver", "finance_manager")),
    ("财务部", "应付会计", "", ("payment_handler",)),
    ("办公室", "总经理助理", "", ("coach", "gatekeeper")),
)
POSTS_ABROAD = (
    ("Management", "Managing Director", ("general_manager", "decider")),
    ("Purchasing", "Head of Purchasing", ("decider", "negotiator")),
    ("Purchasing", "Strategic Buyer", ("negotiator", "contract_handler")),
    ("Engineering", "Head of Engineering", ("specifier", "decider")),
    ("Engineering", "Automation Engineer", ("specifier", "user")),
    ("Operations", "Plant Manager", ("user", "influencer")),
    ("Maintenance", "Maintenance Lead", ("maintainer", "installer")),
    ("Finance", "Chief Financial Officer", ("money_approver", "finance_manager")),
    ("Finance", "Accounts Payable", ("payment_handler",)),
    ("Operations", "Assistant to the Director", ("coach", "gatekeeper")),
)

# product in both languages, price range in thousand CNY
PRODUCTS = (
    ("视觉检测系统", "Vision inspection", 280, 1_800), ("伺服驱动改造", "Servo retrofit", 120, 900),
    ("包装线升级", "Packaging line upgrade", 600, 4_800), ("能源计量平台", "Energy metering", 90, 650),
    ("产线数据采集", "Line data collection", 80, 480), ("三年维保合同", "Three-year service contract", 150, 1_200),
    ("AGV 物流", "AGV logistics", 700, 5_600), ("装配工站", "Assembly cells", 400, 3_200),
    ("备件年度框架", "Spare parts framework", 60, 420), ("质量追溯系统", "Traceability system", 220, 1_500),
)  # fmt: skip
SITES = ("一期", "二期", "新厂", "总部工厂", "三号车间", "出口线", "扩建")
SITES_ABROAD = ("plant 1", "plant 2", "new hall", "export line", "main site", "line 4", "extension")
SOURCES = ("展会", "老客户介绍", "电话开发", "官网咨询", "技术交流会", "设计院推荐", "招标公告")
SOURCES_ABROAD = ("Trade fair", "Referral", "Cold call", "Web site", "Seminar", "Consultant", "Tender notice")
RIVALS = ("科锐达自动化", "Northgate Systems", "盛睿智能", "Altmann Technik", "联启控制")

NEXT_STEPS = {
    0: (
        ("电话约总经理初次会晤", "Call to agree a first meeting"),
        ("了解扩产计划和预算周期", "Find out the expansion plan and budget cycle"),
        ("请老客户引荐采购总监", "Ask for an introduction to purchasing"),
    ),
    10: (
        ("初次会晤，带上同行案例", "First meeting, bring a reference from their trade"),
        ("确认会议时间和参会人", "Confirm time and attendees"),
        ("准备半小时产品介绍", "Prepare a half-hour presentation"),
    ),
    25: (
        ("与技术总监谈规格", "Talk the specification through with engineering"),
        ("当面谈价格区间", "Talk the price range through directly"),
        ("现场勘查三号车间", "Survey the line on site"),
        ("确认谁做最终决定", "Find out who decides in the end"),
    ),
    50: (
        ("提交修改后的方案", "Hand in the revised proposal"),
        ("安排参观样板工厂", "Take them to see the reference plant"),
        ("与财务总监确认付款方式", "Settle payment terms with finance"),
        ("约高层互访", "Arrange a meeting of executives"),
    ),
    90: (
        ("合同条款定稿", "Final wording of the contract"),
        ("等待对方盖章", "Contract on the desk, waiting for signature"),
        ("落实首付款时间", "Settle the date of the first payment"),
    ),
}

EVIDENCE = {
    "first_meeting_held": ("在对方会议室会晤，一小时", "Met at their office for an hour"),
    "willing": ("对方愿意继续，要了同行案例", "They want to go on and asked for a reference"),
    "right_person": ("采购总监确认由他拍板", "The head of purchasing confirmed that he decides"),
    "proposal_fits": ("方案按其节拍重新计算，技术部认可", "Recalculated for their cycle time; engineering agrees"),
    "budget_reasonable": ("当面谈过价格区间，在年度预算内", "Price range talked through, within this year’s budget"),
    "timetable_workable": ("本月决定，下季度启动", "Decision this month, start next quarter"),
    "spoken_agreement": ("总经理口头同意，合同已在其桌上", "The managing director agreed, the contract is on his desk"),
    "first_payment": ("首付款 30% 已到账", "First payment of 30 % received"),
    "delivery_accepted": ("验收单已签字", "Acceptance signed"),
    "in_use": ("产线已投入使用", "In use on the line"),
}

NOTES = (
    (
        "拜访采购部，对方对交期有顾虑，答应周五前给书面计划。",
        "Visited purchasing; they worry about delivery. Promised a written plan by Friday.",
    ),
    (
        "电话沟通：明年计划扩建两条线，预算十二月定。",
        "Call: two more lines planned for next year, the budget is set in December.",
    ),
    (
        "设备部反映现有供应商响应慢，停机一次要等三天。",
        "Maintenance says today’s supplier is slow: three days for one stop.",
    ),
    (
        "和财务核对了付款流程，每月 10 日和 25 日付款。",
        "Went through the payment procedure with finance: the 10th and 25th.",
    ),
    (
        "参加技术交流会，自动化工程师对视觉方案很感兴趣。",
        "Technical exchange; the automation engineer likes the vision system.",
    ),
    (
        "总经理换人，新总经理来自家电行业，重视数据。",
        "New managing director, from household appliances, wants figures.",
    ),
    ("竞争对手报价低 8%，但维保不含备件。", "A competitor is 8 % cheaper, spare parts not included."),
    ("样板工厂参观顺利，对方带了三个部门的人。", "Visit to the reference plant went well; three departments came."),
    ("对方希望签三年框架，换取 5% 返点。", "They want a three-year framework in return for a 5 % rebate."),
    (
        "教练提醒：采购和技术意见不一致，先谈技术。",
        "Our coach says purchasing and engineering disagree: talk to engineering first.",
    ),
    ("微信确认下周三见面，地点在新厂。", "Next Wednesday at the new plant, confirmed by message."),
    ("送达验收资料，对方承诺本月内签字。", "Acceptance papers delivered; they promised to sign this month."),
)
STAGE_EVIDENCE = (
    "已签首单合同",
    "第一次技术交流完成",
    "高层会面，确认合作意向",
    "三个部门定期沟通",
    "年度框架协议签署",
)
TAGS = ("重点", "扩产", "出口", "上市公司", "老客户", "Expansion", "Listed", "Framework")
LOST_BECAUSE = {
    "price": ("对方选择了低价", "They took the cheaper offer"),
    "product": ("规格不满足节拍要求", "The specification did not reach their cycle time"),
    "relationship": ("与现有供应商合作多年", "Long ties with today’s supplier"),
    "timing": ("交期赶不上投产", "Delivery too late for the start of production"),
    "budget": ("预算被取消", "The budget was cancelled"),
    "no_decision": ("项目搁置，明年再议", "Put off until next year"),
    "no_response": ("多次联系无回应", "No answer to several calls"),
}
OVERRIDES = (
    ("总经理当面承诺预算下周批复", "The managing director promised the budget for next week"),
    ("战略客户，董事会要求跟进", "Strategic account, the board wants us to go on"),
)

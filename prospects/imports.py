"""Prospects as a target of imports: deals of another system with their own days, authors and outcomes.

A migrated deal brings its class without our evidence: nobody is refused for that. The class change is of the kind
“imported” and names the criteria nobody has confirmed. The board's own history is never overwritten: of a prospect that
is here already an import may close it, but not change its class.
"""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.imports.resolve import importer_of, keep_owners
from core.imports.run import Run
from core.imports.spec import Field, ImportSpec, Key, register
from core.imports.write import insert_rows
from core.money import CURRENCY_CHOICES
from core.workdays import today
from prospects.choices import OPEN_STAGES, ChangeKind, Criterion, LossReason, Outcome, Stage
from prospects.models import Closing, Prospect, StageChange
from prospects.rules.criteria import CRITERIA

WORDS = {
    "prospecting": "E", "lead": "E", "new": "E", "open": "E", "qualification": "D", "qualified": "D", "appointment": "D",
    "engaging": "C", "discovery": "C", "needsanalysis": "C", "proposal": "C", "negotiation": "B", "review": "B",
    "verbal": "A", "commit": "A", "contract": "A", "won": "won", "closedwon": "won", "lost": "lost", "closedlost": "lost",
    "cancelled": "lost", "canceled": "lost", "dead": "lost",
    "线索": "E", "初步接触": "D", "需求分析": "C", "方案报价": "C", "谈判": "B", "谈判审核": "B", "口头承诺": "A",
    "赢单": "won", "成交": "won", "已成交": "won", "输单": "lost", "丢单": "lost", "失败": "lost", "已流失": "lost", "无效": "lost",
}  # fmt: skip
"""What other systems call their stages, as a first proposal; the person says the last word."""


def statuses() -> list[tuple[str, object]]:
    """What a stage of another system may become: an open class, won or lost."""
    classes = [(stage.letter, f"{stage.letter} · {stage.label}") for stage in OPEN_STAGES]
    return [*classes, (Outcome.WON.value, Outcome.WON.label), (Outcome.LOST.value, Outcome.LOST.label)]


def prepare(run: Run) -> None:
    """Class and outcome from the status; a name where the file has none; a close date of an open deal is a plan."""
    stages = " ".join(f"when '{stage.letter}' then {stage.value}" for stage in OPEN_STAGES)
    run.execute(
        f"""
        update {{stage}} set
            f_outcome = case when f_status in ('won', 'lost') then f_status else '' end,
            f_stage = case f_status when 'won' then {Stage.S.value} {stages} else {Stage.E.value} end,
            f_name = left(coalesce(f_name, concat_ws(' – ', f_product, f_account), f_account, f_code), 200)
        """
    )
    run.execute("update {stage} set f_name = coalesce(f_code, f_account) where f_name = ''")
    run.execute(
        "update {stage} set f_expected_close_on = coalesce(f_expected_close_on, f_closed_on), f_closed_on = null where f_outcome = ''"
    )
    run.refuse("s.f_outcome <> '' and s.f_closed_on is null", "closed_without_date", "closed_on")
    run.refuse("s.f_closed_on < s.f_opened_on", "closed_before_opened", "closed_on", "s.f_closed_on")
    run.derived |= {"stage", "outcome", "entered_on"}


def check(run: Run) -> None:
    """Owners only for who may hand over; prospects that are here keep their class unless they close."""
    keep_owners(run, "prospects.transfer")
    kept = run.query(
        "select count(*) from {stage} s join prospects_prospect p on p.id = s.id "
        "where p.outcome = '' and s.f_outcome = '' and p.stage <> s.f_stage and s.f_status is not null"
    )[0][0]
    if kept:
        run.note("classes_kept", rows=kept)
    run.execute(
        """
        update {stage} s set f_stage = null, f_outcome = null, f_closed_on = null, f_entered_on = null
        from prospects_prospect p where p.id = s.id and (p.outcome <> '' or s.f_outcome = '')
        """
    )
    run.execute(
        "update {stage} s set f_entered_on = s.f_closed_on, f_stage = case when s.f_outcome = 'won' then s.f_stage end "
        "where s.id is not null and s.f_outcome <> ''"
    )
    if run.has("owner") and not run.has("notes"):
        run.execute(
            "update {stage} s set f_notes = %s || s.f_owner where s.id is null and s.owner_id is null and s.f_owner is not null",
            [f"{run.label_of('owner')}: "],
        )


def defaults(run: Run) -> dict[str, str]:
    """What a new prospect has when the file is silent. It was opened today, unless it was closed before."""
    owner, day = importer_of(run), f"date '{today().isoformat()}'"
    opened = f"least(coalesce(s.f_opened_on, {day}), s.f_closed_on)"
    return {
        "owner_id": owner,
        "team_id": f"(select u.team_id from core_user u where u.id = coalesce(s.owner_id, {owner}))",
        "created_by_id": f"coalesce(s.owner_id, {owner})",
        "opened_on": opened,
        "entered_stage_on": f"case when s.f_outcome = 'won' then s.f_closed_on else {opened} end",
        "currency": f"'{_currency(run)}'",
    }


def _currency(run: Run) -> str:
    codes = {code for code, _label in CURRENCY_CHOICES}
    return run.mapping.currency if run.mapping.currency in codes else settings.DEFAULT_CURRENCY


def finish(run: Run) -> None:
    """The history a migrated deal brings: its class with the day it began, its closing, and the totals of its account."""
    _write_stage_changes(run)
    _write_closings(run)
    run.execute(
        """
        with touched as materialized (
            select distinct q.account_id from {stage} s join prospects_prospect q on q.id = s.id
            where s.action in ('create', 'update') and q.account_id is not null
        ), n as materialized (
            select p.account_id, count(*) filter (where p.closed_on is null) as count,
                   min(p.next_step_on) filter (where p.closed_on is null) as next_step_on
            from touched join prospects_prospect p on p.account_id = touched.account_id group by 1
        )
        update accounts_account a set open_prospects = n.count, next_step_on = n.next_step_on from n
        where a.id = n.account_id
          and (a.open_prospects, a.next_step_on) is distinct from (n.count, n.next_step_on)
        """
    )


def _write_stage_changes(run: Run) -> None:
    """Opened into its class; a won one went from E to S on the day it was closed."""
    kind, zone = ChangeKind.IMPORTED, settings.TIME_ZONE
    rows = "from {stage} s join prospects_prospect p on p.id = s.id"
    insert_rows(
        run,
        StageChange,
        {
            "prospect_id": "p.id",
            "to_stage": f"case when p.outcome = 'won' then {Stage.E.value} else p.stage end",
            "kind": "%s",
            "missing": f"case when p.outcome = '' then {_missing()} else '[]' end",
            "on": "p.opened_on",
            "at": "p.opened_on::timestamp at time zone %s",
            "by_id": "p.owner_id",
        },
        f"{rows} where s.action = 'create' order by s.row_number",
        [kind, today(), zone],
    )
    insert_rows(
        run,
        StageChange,
        {
            "prospect_id": "p.id",
            "from_stage": f"{Stage.E.value}",
            "to_stage": "p.stage",
            "kind": "%s",
            "missing": _missing(),
            "days_in_from": "p.closed_on - p.opened_on",
            "on": "p.closed_on",
            "at": "p.closed_on::timestamp at time zone %s",
            "by_id": "p.owner_id",
        },
        f"{rows} where s.f_outcome = 'won' and s.action in ('create', 'update') order by s.row_number",
        [kind, today(), zone],
    )


def _missing() -> str:
    """SQL for the criteria of the prospect's class (alias p) that nothing in the file proves; takes the day as a parameter."""
    proven = {
        Criterion.INTEREST: "true",
        Criterion.FIRST_MEETING_DATED: "p.first_meeting_on is not null",
        Criterion.NEXT_STEP_AGREED: "p.next_step <> '' and p.next_step_on >= d.today",
    }
    cases = []
    for stage, criteria in CRITERIA.items():
        names = ", ".join(
            f"case when not coalesce({proven.get(each, 'false')}, false) then '{each.value}' end" for each in criteria
        )
        cases.append(f"when {stage.value} then array_remove(array[{names}], null)")
    return (
        f"(select to_jsonb(case p.stage {' '.join(cases)} else array[]::text[] end) from (select %s::date as today) d)"
    )


def _write_closings(run: Run) -> None:
    insert_rows(
        run,
        Closing,
        {
            "prospect_id": "p.id",
            "outcome": "p.outcome",
            "on": "p.closed_on",
            "reason": "case when p.outcome = 'lost' then coalesce(s.f_loss_reason, '') else '' end",
            "competitor": "case when p.outcome = 'lost' then coalesce(s.f_competitor, '') else '' end",
            "note": "coalesce(s.f_closing_note, '')",
            "by_id": "p.owner_id",
            "at": "p.closed_on::timestamp at time zone %s",
        },
        "from {stage} s join prospects_prospect p on p.id = s.id "
        "where s.f_outcome <> '' and s.action in ('create', 'update') order by s.row_number",
        [settings.TIME_ZONE],
    )


BY_NAME_AND_ACCOUNT = """
    select s.row_number, t.id from {stage} s join prospects_prospect t
    on lower(t.name) = lower(s.f_name) and t.account_id is not distinct from s.account_id
"""

PROSPECTS = register(
    ImportSpec(
        target="prospects",
        label=_("Prospects"),
        help=_("Deals with their class, amount and dates, open or closed."),
        icon="target-arrow",
        list_url="prospects:list_prospects",
        model=Prospect,
        add_verb="prospects.add",
        edit_verb="prospects.edit",
        unique=("code",),
        search_names=("name", "code"),
        reference_columns=("code", "name"),
        account_column="t.account_id",
        keys=(
            Key("code", _("Code"), ("code",)),
            Key("name_account", _("Name and account"), ("name", "account"), BY_NAME_AND_ACCOUNT),
        ),
        prepare=prepare,
        defaults=defaults,
        check=check,
        finish=finish,
        fields=(
            Field(
                "name", _("Name"), column="name", max_length=200,
                synonyms=("opportunity", "opportunity name", "deal", "deal name", "topic", "subject", "商机", "商机名称", "项目", "项目名称", "机会名称"),
                help=_("Without it: product and account."),
            ),
            Field("code", _("Code"), column="code", max_length=60,
                  synonyms=("id", "opportunity id", "opportunity_id", "deal id", "编号", "商机编号", "项目编号")),
            Field(
                "account", _("Account"), kind="reference", to="accounts", column="account_id", missing="create", max_length=200,
                synonyms=("account name", "company", "customer", "customer name", "client", "potential customer", "organization",
                          "客户", "客户名称", "公司", "公司名称"),
            ),
            Field(
                "status", _("Class or outcome"), kind="choice", choices=statuses, words=WORDS, required=False,
                synonyms=("stage", "deal stage", "deal_stage", "status", "sales stage", "phase", "阶段", "销售阶段", "商机阶段", "状态", "级别"),
            ),
            Field("owner", _("Owner"), kind="user", column="owner_id",
                  synonyms=("sales agent", "sales_agent", "sales rep", "seller", "salesperson", "assigned to", "负责人", "销售", "业务员", "销售代表")),
            Field("amount", _("Amount"), kind="decimal", column="amount", minimum=0,
                  synonyms=("value", "close value", "close_value", "deal value", "est. revenue", "estimated revenue", "revenue", "price",
                            "金额", "预计金额", "商机金额", "合同金额", "预计成交金额")),
            Field("currency", _("Currency"), kind="choice", column="currency", choices=lambda: CURRENCY_CHOICES,
                  words={"人民币": "CNY", "rmb": "CNY", "美元": "USD", "欧元": "EUR", "港币": "HKD"}, synonyms=("币种", "货币")),
            Field("product", _("Product"), column="product", max_length=120, synonyms=("product name", "item", "产品", "产品名称")),
            Field("source", _("Source"), column="source", max_length=60, synonyms=("lead source", "来源", "线索来源", "商机来源")),
            Field("opened_on", _("Opened"), kind="date", column="opened_on",
                  synonyms=("engage date", "engage_date", "created", "created on", "create date", "open date", "start", "创建日期", "创建时间", "立项日期")),
            Field("closed_on", _("Closed on"), kind="date", column="closed_on",
                  synonyms=("close date", "close_date", "actual close date", "closed", "won date", "成交日期", "关闭日期", "结束日期")),
            Field("expected_close_on", _("Expected close"), kind="date", column="expected_close_on",
                  synonyms=("est. close date", "expected close date", "estimated close date", "预计成交日期", "预计签单日期", "预计结束日期")),
            Field("decision_on", _("Decision expected"), kind="date", column="decision_on", synonyms=("decision date", "决策日期")),
            Field("first_meeting_on", _("First meeting"), kind="date", column="first_meeting_on", synonyms=("first meeting date", "首次拜访日期")),
            Field("next_step", _("Next step"), column="next_step", max_length=200, synonyms=("next action", "下一步", "下一步计划")),
            Field("next_step_on", _("Next step on"), kind="date", column="next_step_on", synonyms=("next step date", "next action date", "下一步日期", "下次联系日期")),
            Field("own_estimate", _("Own estimate (%)"), kind="integer", column="own_estimate", minimum=0, maximum=100, synonyms=("probability", "概率", "赢率")),
            Field("loss_reason", _("Reason of the loss"), kind="choice", choices=lambda: LossReason.choices, synonyms=("lost reason", "loss reason", "输单原因", "丢单原因")),
            Field("competitor", _("Competitor"), max_length=120, synonyms=("competitors", "竞争对手", "对手")),
            Field("closing_note", _("What happened"), synonyms=("description", "lost description", "close notes", "失败原因", "原因说明")),
            Field("notes", _("Notes"), column="notes", synonyms=("comment", "comments", "remark", "remarks", "备注", "说明")),
            Field("stage", _("Class"), kind="integer", column="stage", hidden=True),
            Field("outcome", _("Outcome"), column="outcome", hidden=True),
            Field("entered_on", _("In this class since"), kind="date", column="entered_stage_on", hidden=True),
        ),
    )
)  # fmt: skip

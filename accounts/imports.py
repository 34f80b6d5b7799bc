"""Accounts as a target of imports."""

from __future__ import annotations

import re

from django.utils.translation import gettext_lazy as _

from accounts.choices import Kind, MemberRole, Ownership, Size, Tier
from accounts.models import Account, AccountChannel, AccountMember, AccountNote, DevelopmentStageChange
from accounts.rules import credit_code
from core.errors import DomainError
from core.imports.resolve import importer_of, keep_owners
from core.imports.run import Run
from core.imports.spec import Field, ImportSpec, Key, register
from core.imports.write import insert_rows
from core.money import CURRENCY_CHOICES
from core.users import as_row


def check_credit_code(value: str) -> str | None:
    """The refusal's code when it is no credit code."""
    try:
        credit_code.require_valid(value)
    except DomainError:
        return "credit_code"
    return None


NARROW = {ord(sign) + 0xFEE0: sign for sign in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"}
"""Letters and digits of full width → the plain ones."""


def tidy_name(name: str) -> str:
    """`万  科Ａ` → `万科A`: exchanges pad short names to a width."""
    if not name.isascii():
        name = name.translate(NARROW)
    if name.isalnum():
        return name
    words = name.split()
    tidy = words[0] if words else ""
    for word in words[1:]:
        tidy += word if (_is_han(tidy[-1]) and _is_han(word[0])) or (len(tidy) == 1 and _is_han(tidy)) else f" {word}"
    return tidy


def tidy_terms(text: str) -> str:
    """`30 days`, `Net 30`, `30天` → `30`."""
    return re.sub(r"(?i)^\s*net\s*|\s*(?:days?|d|天|日)\s*$", "", text)


def _is_han(sign: str) -> bool:
    return "\u4e00" <= sign <= "\u9fff"


def defaults(run: Run) -> dict[str, str]:
    """An account needs an owner; its team is the owner's."""
    owner = importer_of(run)
    return {
        "owner_id": owner,
        "team_id": f"(select u.team_id from core_user u where u.id = coalesce(s.owner_id, {owner}))",
        "created_by_id": owner,
        "revenue_currency": "case when s.f_annual_revenue is null then '' else '"
        + (run.mapping.currency or "CNY")
        + "' end",
    }


def check(run: Run) -> None:
    """Only who may hand accounts over takes owners from a file."""
    keep_owners(run, "accounts.transfer")


def tidy_credit_code(code: str) -> str:
    """The normal form; eight or more zeros are a way to write that there is none."""
    code = credit_code.normal(code)
    return code if code.strip("0") else ""


def notice_new_parents(run: Run) -> None:
    """A row whose parent differs, or whose parent stands in the same file, changes its account."""
    if run.has("parent"):
        run.execute(
            "update {stage} s set changed = true from accounts_account t left join accounts_account p on p.id = t.parent_id "
            "where t.id = s.id and s.f_parent is not null and lower(coalesce(p.name, '')) <> lower(s.f_parent)"
        )


def finish(run: Run) -> None:
    """Owners on the team, parents (some stand in the file after their child), channels, first stage of development."""
    new = "from {stage} s join accounts_account a on a.id = s.id where s.action = 'create'"
    insert_rows(
        run, AccountMember, {"account_id": "a.id", "user_id": "a.owner_id", "role": "%s"}, new, [MemberRole.OWNER]
    )
    insert_rows(
        run,
        DevelopmentStageChange,
        {"account_id": "a.id", "to_stage": "a.development_stage", "by_id": "a.created_by_id", "at": "a.created_at"},
        new,
    )
    if run.has("owner"):
        _move_owner_rows(run)
    if run.has("parent"):
        _link_parents(run)
    for name in ("phone", "email"):
        if run.has(name):
            _add_channels(run, name)
    if run.has("note"):
        _add_notes(run)


def _move_owner_rows(run: Run) -> None:
    """The owner is a member too; after a hand-over the old owner stays on the team as sales."""
    changed = "select a.id, a.owner_id from {stage} s join accounts_account a on a.id = s.id where s.action = 'update'"
    run.execute(
        f"update accounts_accountmember m set role = %s from ({changed}) c "
        "where m.account_id = c.id and m.role = %s and m.user_id <> c.owner_id",
        [MemberRole.SALES, MemberRole.OWNER],
    )
    run.execute(
        f"insert into accounts_accountmember (account_id, user_id, role) select c.id, c.owner_id, %s from ({changed}) c "
        "on conflict (user_id, account_id) do update set role = excluded.role "
        "where accounts_accountmember.role <> excluded.role",
        [MemberRole.OWNER],
    )


def _link_parents(run: Run) -> None:
    """By name among all accounts the person may see; a parent that nobody bears stays empty and is noted."""
    run.execute(
        """
        with named as (
            select lower(a.name) as word, min(a.id) as id from accounts_account a
            where lower(a.name) in (select lower(f_parent) from {stage} where f_parent is not null)
            group by 1 having count(*) = 1
        )
        update accounts_account t set parent_id = named.id
        from {stage} s join named on named.word = lower(s.f_parent)
        where t.id = s.id and s.action in ('create', 'update') and named.id <> t.id and t.parent_id is distinct from named.id
        """
    )


def _add_channels(run: Run, kind: str) -> None:
    insert_rows(
        run,
        AccountChannel,
        {"account_id": "s.id", "kind": "%s", "value": f"s.f_{kind}"},
        f"from {{stage}} s where s.action in ('create', 'update') and s.f_{kind} is not null "
        f"and not exists (select 1 from accounts_accountchannel c where c.account_id = s.id and c.value = s.f_{kind})",
        [kind],
    )


def _add_notes(run: Run) -> None:
    """A migrated note keeps its own author and date."""
    importer = as_row(run.by)
    insert_rows(
        run,
        AccountNote,
        {
            "account_id": "s.id",
            "body": "s.f_note",
            "by_id": "coalesce(s.note_by_id, %s)",
            "at": "coalesce(s.f_note_at, now())",
        },
        "from {stage} s where s.action in ('create', 'update') and s.f_note is not null "
        "and not exists (select 1 from accounts_accountnote n where n.account_id = s.id and n.body = s.f_note)",
        [importer.pk if importer else None],
    )


def notice_additions(run: Run) -> None:
    """New parents, channels and notes make an account changed although its own columns are the same."""
    notice_new_parents(run)
    for name, table, column in (
        ("phone", "accounts_accountchannel", "value"),
        ("email", "accounts_accountchannel", "value"),
        ("note", "accounts_accountnote", "body"),
    ):
        if run.has(name):
            run.execute(
                f"update {{stage}} s set changed = true where s.action is null and s.id is not null and s.f_{name} is not null "
                f"and not exists (select 1 from {table} c where c.account_id = s.id and c.{column} = s.f_{name})"
            )


ACCOUNTS = register(
    ImportSpec(
        target="accounts",
        label=_("Accounts"),
        help=_("Firms and public bodies you sell to."),
        icon="building",
        list_url="accounts:list_accounts",
        model=Account,
        add_verb="accounts.add",
        edit_verb="accounts.edit",
        unique=("code", "credit_code"),
        transfer_verb="accounts.transfer",
        search_names=("name", "short_name", "english_name", "code", "credit_code"),
        reference_columns=("code", "name", "short_name"),
        account_column="s.id",
        keys=(
            Key("code", _("Code"), ("code",)),
            Key("credit_code", _("Unified social credit code"), ("credit_code",)),
            Key("name", _("Name"), ("name",)),
        ),
        defaults=defaults,
        check=check,
        compare=notice_additions,
        finish=finish,
        fields=(
            Field(
                "name", _("Name"), column="name", required=True, max_length=200, tidy=tidy_name,
                synonyms=("account", "account name", "company", "company name", "customer", "customer name", "client", "client name",
                          "organization", "organisation", "supplier", "buyer", "firm", "名称", "客户", "客户名称", "公司", "公司名称",
                          "公司全称", "企业名称", "单位名称", "客户全称", "全称", "证券名称", "公司名稱", "客戶名稱", "code_name", "Potential Customer"),
            ),
            Field(
                "code", _("Code"), column="code", max_length=60,
                synonyms=("id", "account id", "customer id", "customer number", "account number", "cust_number", "stock code", "external id",
                          "编号", "客户编号", "代码", "A股代码", "证券代码", "股票代码", "公司代码", "公司代號", "company_id"),
            ),
            Field("credit_code", _("Unified social credit code"), column="credit_code", max_length=18, check=check_credit_code,
                  tidy=tidy_credit_code,
                  synonyms=("tax id", "vat number", "tax number", "registration number", "统一社会信用代码", "信用代码", "税号", "纳税人识别号", "統一編號")),
            Field("short_name", _("Short name"), column="short_name", max_length=100, tidy=tidy_name,
                  synonyms=("abbreviation", "简称", "客户简称", "公司简称", "证券简称", "A股简称", "簡稱", "公司簡稱")),
            Field("english_name", _("English name"), column="english_name", max_length=200,
                  synonyms=("english", "英文名", "英文名称", "公司英文全称", "英文全称")),
            Field("parent", _("Parent account"), max_length=200, tidy=tidy_name,
                  synonyms=("parent", "parent company", "subsidiary of", "subsidiary_of", "group", "母公司", "上级公司", "所属集团", "上级客户")),
            Field("owner", _("Owner"), kind="user", column="owner_id",
                  synonyms=("sales rep", "account manager", "account owner", "sales agent", "assigned to", "负责人", "客户经理", "所有者", "业务员", "销售", "销售代表")),
            Field("kind", _("Kind"), kind="choice", column="kind", choices=lambda: Kind.choices, synonyms=("客户类别",)),
            Field("tier", _("Tier"), kind="choice", column="tier", choices=lambda: Tier.choices, synonyms=("level", "客户级别", "客户等级", "等级")),
            Field("ownership", _("Ownership"), kind="choice", column="ownership", choices=lambda: Ownership.choices,
                  synonyms=("ownership type", "企业性质", "所有制", "公司性质"),
                  words={"外资": "foreign", "外企": "foreign", "国有": "state", "国企": "state", "民营": "private", "私营": "private", "政府": "government"}),
            Field("industry", _("Industry"), column="industry", max_length=100,
                  synonyms=("sector", "branch", "行业", "所属行业", "产业", "類型", "类型")),
            Field("region", _("Region"), column="region", max_length=100,
                  synonyms=("state", "province", "country", "office location", "office_location", "territory", "省份", "省", "地区", "区域", "地區")),
            Field("city", _("City"), column="city", max_length=100, synonyms=("town", "城市", "市")),
            Field("address", _("Address"), column="address", max_length=300,
                  synonyms=("street", "billing street", "registered address", "地址", "注册地址", "公司地址", "通讯地址", "联系地址")),
            Field("website", _("Web site"), column="website", max_length=254,
                  synonyms=("url", "web", "homepage", "site", "website", "网址", "网站", "公司网址", "官网", "主页")),
            Field("size", _("Size"), kind="choice", column="size", choices=lambda: Size.choices, synonyms=("company size", "规模", "企业规模")),
            Field("employees", _("Employees"), kind="integer", column="employees", minimum=0, maximum=2_000_000_000,
                  synonyms=("number of employees", "headcount", "staff", "员工人数", "员工数", "人数")),
            Field("founded_in", _("Founded in"), kind="integer", column="founded_in", minimum=0, maximum=2200,
                  synonyms=("year established", "year_established", "founded", "成立年份", "创立年份")),
            Field("annual_revenue", _("Annual revenue"), kind="decimal", column="annual_revenue",
                  synonyms=("revenue", "turnover", "年收入", "营业额", "年营业额", "营业收入")),
            Field("revenue_currency", _("Currency of the revenue"), kind="choice", column="revenue_currency", choices=lambda: CURRENCY_CHOICES),
            Field("payment_terms_days", _("Payment terms (days)"), kind="integer", column="payment_terms_days", minimum=0, maximum=3650, tidy=tidy_terms,
                  synonyms=("payment terms", "terms", "账期", "付款期限")),
            Field("bank_name", _("Bank"), column="bank_name", max_length=100, synonyms=("bank", "开户行", "开户银行")),
            Field("bank_account", _("Bank account"), column="bank_account", max_length=40, synonyms=("iban", "银行账号", "账号")),
            Field("phone", _("Phone"), kind="phone", synonyms=("telephone", "tel", "phone number", "电话", "联系电话", "公司电话")),
            Field("email", _("Email"), kind="email", synonyms=("e-mail", "mail", "邮箱", "电子邮箱", "邮件")),
            Field("tags", _("Tags"), kind="tags", column="tags", synonyms=("labels", "标签")),
            Field("description", _("Description"), column="description", synonyms=("notes", "comment", "comments", "remark", "remarks", "备注", "说明", "描述")),
            Field("note", _("Note on the time line"), synonyms=("history", "跟进记录", "需求")),
            Field("note_by", _("Author of the note"), kind="user", synonyms=("note author", "记录人")),
            Field("note_at", _("Date of the note"), kind="datetime", synonyms=("note date", "记录时间")),
        ),
    )
)  # fmt: skip

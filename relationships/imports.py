"""Contacts as a target of imports: a person, his position at an account, and the ways to reach him."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.imports.resolve import importer_of, keep_owners
from core.imports.run import Run
from core.imports.spec import Field, ImportSpec, Key, register
from core.imports.write import insert_rows
from relationships.models import Contact, ContactChannel, Position

CHANNELS = {
    "email": ("email", "work"), "email_home": ("email", "home"), "email_other": ("email", "other"),
    "phone": ("phone", "work"), "phone_home": ("phone", "home"), "phone_other": ("phone", "other"),
    "mobile": ("mobile", ""), "wechat": ("wechat", ""), "linkedin": ("linkedin", ""),
}  # fmt: skip
"""Field → kind and label of the channel it fills."""


def prepare(run: Run) -> None:
    """First and last name make the name; Chinese ones stand without a blank, family name first."""
    run.execute(
        """
        update {stage} set f_full_name = case
            when concat(f_first_name, f_last_name) ~ '[一-龥]' then concat(f_last_name, f_first_name)
            else concat_ws(' ', f_first_name, f_last_name) end
        where f_full_name is null and coalesce(f_first_name, f_last_name) is not null
        """
    )


def defaults(run: Run) -> dict[str, str]:
    """A contact belongs to who imports it unless the file names a colleague."""
    importer = importer_of(run)
    return {"owner_id": importer, "created_by_id": importer}


def check(run: Run) -> None:
    """Only who may hand contacts over takes owners from a file."""
    keep_owners(run, "accounts.transfer")


def compare(run: Run) -> None:
    """A new channel, or something new about the position, changes the contact."""
    for name, (kind, _label) in CHANNELS.items():
        if run.has(name):
            run.execute(
                f"update {{stage}} s set changed = true where s.action is null and s.id is not null and {_is_new(name)}",
                [kind],
            )
    if run.has("account"):
        run.execute(
            "update {stage} s set changed = true where s.action is null and s.id is not null and s.f_account is not null "
            "and (s.account_id is null or not exists (select 1 from relationships_position p where p.contact_id = s.id "
            "and p.account_id = s.account_id and p.ended_on is null "
            "and (s.f_title is null or p.title = s.f_title) and (s.f_department is null or p.department = s.f_department)))"
        )


def _is_new(name: str) -> str:
    return (
        f"s.f_{name} is not null and not exists (select 1 from relationships_contactchannel c "
        f"where c.contact_id = s.id and c.kind = %s and c.value = s.f_{name})"
    )


def finish(run: Run) -> None:
    """Channels that are not there yet, and the position at the account."""
    for name, (kind, label) in CHANNELS.items():
        if run.has(name):
            insert_rows(
                run,
                ContactChannel,
                {"contact_id": "s.id", "kind": "%s", "label": "%s", "value": f"s.f_{name}"},
                f"from {{stage}} s where s.action in ('create', 'update') and {_is_new(name)} order by s.row_number",
                [kind, label, kind],
            )
    if run.has("account"):
        _write_positions(run)


def _write_positions(run: Run) -> None:
    run.execute(
        """
        update relationships_position p
        set title = coalesce(s.f_title, p.title), department = coalesce(s.f_department, p.department)
        from {stage} s
        where s.action = 'update' and p.contact_id = s.id and p.account_id = s.account_id and p.ended_on is null
          and (p.title is distinct from coalesce(s.f_title, p.title) or p.department is distinct from coalesce(s.f_department, p.department))
        """
    )
    insert_rows(
        run,
        Position,
        {
            "contact_id": "s.id",
            "account_id": "s.account_id",
            "title": "coalesce(s.f_title, '')",
            "department": "coalesce(s.f_department, '')",
            "started_on": "s.f_started_on",
        },
        """
        from {stage} s
        where s.action in ('create', 'update') and s.account_id is not null
          and not exists (select 1 from relationships_position p
                          where p.contact_id = s.id and p.account_id = s.account_id and p.ended_on is null)
        order by s.row_number
        """,
    )


BY_EMAIL = """
    select s.row_number, c.contact_id from {stage} s
    join relationships_contactchannel c on c.kind = 'email' and lower(c.value) = lower(s.f_email)
"""
BY_NAME_AND_ACCOUNT = """
    select s.row_number, t.id from {stage} s
    join relationships_position p on p.account_id = s.account_id and p.ended_on is null
    join relationships_contact t on t.id = p.contact_id and lower(t.full_name) = lower(s.f_full_name)
"""

CONTACTS = register(
    ImportSpec(
        target="contacts",
        label=_("Contacts"),
        help=_("People, what they are at which account, and how to reach them."),
        icon="users",
        list_url="relationships:list_contacts",
        model=Contact,
        add_verb="contacts.add",
        edit_verb="contacts.edit",
        unique=("code",),
        search_names=("full_name", "english_name", "code"),
        names_a_person=True,
        reference_columns=("code", "full_name"),
        reference_field="full_name",
        account_column="s.account_id",
        keys=(
            Key("code", _("Code"), ("code",)),
            Key("email", _("Email"), ("email",), BY_EMAIL),
            Key("name_account", _("Name and account"), ("full_name", "account"), BY_NAME_AND_ACCOUNT),
        ),
        prepare=prepare,
        defaults=defaults,
        check=check,
        compare=compare,
        finish=finish,
        fields=(
            Field(
                "full_name", _("Name"), column="full_name", required=True, made_of=("first_name", "last_name"), max_length=120,
                synonyms=("full name", "contact", "contact name", "person", "display name", "姓名", "联系人", "联系人姓名", "名字"),
            ),
            Field("first_name", _("First name"), max_length=60, synonyms=("first", "given name", "forename", "名")),
            Field("last_name", _("Last name"), max_length=60, synonyms=("last", "surname", "family name", "姓", "姓氏")),
            Field("english_name", _("English name"), column="english_name", max_length=120, synonyms=("英文名",)),
            Field("salutation", _("Salutation"), column="salutation", max_length=40, synonyms=("称呼", "称谓", "尊称")),
            Field("code", _("Code"), column="code", max_length=60, synonyms=("id", "contact id", "编号", "联系人编号")),
            Field(
                "account", _("Account"), kind="reference", to="accounts", missing="create", max_length=200,
                synonyms=("company", "company name", "account name", "organization", "organisation", "customer", "client", "employer",
                          "公司", "公司名称", "客户", "客户名称", "单位", "名称"),
            ),
            Field("title", _("Title"), max_length=120, synonyms=("job title", "position", "function", "职务", "职位", "头衔")),
            Field("department", _("Department"), max_length=120, synonyms=("dept", "部门", "科室")),
            Field("started_on", _("In this position since"), kind="date", synonyms=("since", "started", "入职日期", "任职日期")),
            Field("mobile", _("Mobile"), kind="phone", synonyms=("mobile phone", "cell", "cell phone", "手机", "手机号", "手机号码", "移动电话")),
            Field("phone", _("Phone at work"), kind="phone",
                  synonyms=("phone", "phone work", "phone_work", "work phone", "telephone", "tel", "business phone", "电话", "联系电话", "办公电话", "座机")),
            Field("phone_home", _("Phone at home"), kind="phone", synonyms=("home phone", "家庭电话", "住宅电话")),
            Field("phone_other", _("Other phone"), kind="phone", synonyms=("other phone", "其他电话")),
            Field("email", _("Email at work"), kind="email",
                  synonyms=("email", "email work", "email_work", "work email", "e-mail", "mail", "email address", "邮箱", "电子邮箱", "邮件", "邮箱地址")),
            Field("email_home", _("Private email"), kind="email", synonyms=("home email", "personal email", "私人邮箱")),
            Field("email_other", _("Other email"), kind="email", synonyms=("other email", "其他邮箱")),
            Field("wechat", _("WeChat"), max_length=60, synonyms=("wechat id", "weixin", "微信", "微信号")),
            Field("linkedin", _("LinkedIn"), max_length=254, synonyms=("linkedin url", "linkedin_url", "linkedin profile", "领英")),
            Field("owner", _("Owner"), kind="user", column="owner_id",
                  synonyms=("sales", "sales rep", "contact owner", "assigned to", "负责人", "所有者", "业务员", "销售代表")),
            Field("preferred_language", _("Preferred language"), kind="choice", column="preferred_language",
                  choices=lambda: settings.LANGUAGES, words={"chinese": "zh-hans", "中文": "zh-hans", "英文": "en", "英语": "en", "zh": "zh-hans"},
                  synonyms=("language", "语言", "首选语言")),
            Field("tags", _("Tags"), kind="tags", column="tags", synonyms=("labels", "categories", "标签")),
            Field("notes", _("Notes"), column="notes", synonyms=("background", "comment", "comments", "remark", "remarks", "备注", "说明")),
        ),
    )
)  # fmt: skip

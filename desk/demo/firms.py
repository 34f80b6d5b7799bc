"""Accounts of the demo company with their teams, people, channels, notes and stages of development."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from accounts.choices import DevelopmentStage, Kind, MemberRole, Ownership, PaymentMethod, Size, Tier
from accounts.models import Account, AccountChannel, AccountMember, AccountNote, DevelopmentStageChange
from accounts.rules.credit_code import ALPHABET, check_character
from core.models import ChannelKind, User
from core.search import search_columns
from desk.demo import words
from desk.demo.days import Days
from desk.demo.people import Staff
from relationships.models import Contact, ContactChannel, Position

AT_HOME, ABROAD = 232, 88
PYRAMID = ((Tier.VIP, 4), (Tier.LARGE, 14), (Tier.MEDIUM, 52), (Tier.SMALL, 150), (Tier.PROSPECT, 100))
STAGES_OF_TIER = {
    Tier.VIP: (6, 8), Tier.LARGE: (5, 7), Tier.MEDIUM: (4, 6), Tier.SMALL: (3, 5), Tier.PROSPECT: (1, 3),
}  # fmt: skip
SIZES = ((80, Size.SMALL), (450, Size.MEDIUM), (2_600, Size.LARGE))


@dataclass
class Firm:
    """One account and who works there, while the story is being written."""

    account: Account
    at_home: bool
    currency: str
    contacts: list[Contact] = field(default_factory=list)


def found(staff: Staff, days: Days, random: Random) -> list[Firm]:
    """All firms, saved, with everything that belongs to them except prospects."""
    tiers = [tier for tier, count in PYRAMID for _n in range(count)]
    random.shuffle(tiers)
    firms = [
        *_at_home(staff, days, random, tiers[:AT_HOME]),
        *_abroad(staff, days, random, tiers[AT_HOME:]),
    ]
    Account.objects.bulk_create(firm.account for firm in firms)
    _join_groups(firms, random)
    _form_teams(firms, staff, random)
    _fill_channels(firms, random)
    _hire(firms, random)
    _write_notes(firms, days, random)
    _develop(firms, days, random)
    return firms


def _at_home(staff: Staff, days: Days, random: Random, tiers: list[Tier]) -> list[Firm]:
    brands = [first + second for first in words.FIRST_SIGNS for second in words.SECOND_SIGNS]
    random.shuffle(brands)
    firms = []
    for number, (brand, tier) in enumerate(zip(brands, tiers, strict=False)):
        region, city, code = random.choice(words.PLACES_AT_HOME)
        trade, industry = random.choice(words.TRADES)
        eastern = region in words.EASTERN
        owner = random.choice(staff.reps_at_home[:3] if eastern else staff.reps_at_home[3:])
        account = Account(
            name=f"{city}{brand}{trade}{random.choice(words.FORMS)}", short_name=f"{brand}{trade}"[:8],
            credit_code=_credit_code(code, random) if random.random() < 0.6 else "",
            ownership=random.choices(
                [Ownership.PRIVATE, Ownership.STATE, Ownership.FOREIGN, Ownership.GOVERNMENT], [70, 18, 9, 3]
            )[0],
            industry=industry, region=region, city=city,
            address=f"{city}市高新区{brand}路{random.randrange(1, 300)}号",
            annual_revenue=_revenue(tier, random), revenue_currency="CNY",
            **_common(number, tier, owner, days, random),
        )  # fmt: skip
        firms.append(Firm(_with_search(account), at_home=True, currency="CNY"))
    return firms


def _abroad(staff: Staff, days: Days, random: Random, tiers: list[Tier]) -> list[Firm]:
    names = [first + second for first in words.BEGINNINGS for second in words.ENDINGS]
    random.shuffle(names)
    firms = []
    for number, (name, tier) in enumerate(zip(names, tiers, strict=False), start=AT_HOME):
        country, city, form, currency = random.choice(words.PLACES_ABROAD)
        trade, industry = random.choice(words.TRADES_ABROAD)
        account = Account(
            name=f"{name} {trade} {form}", short_name=f"{name} {trade}",
            ownership=random.choices([Ownership.PRIVATE, Ownership.FOREIGN], [60, 40])[0],
            industry=industry, region=country, city=city, address=f"{random.randrange(1, 90)} Harbour Street, {city}",
            website=f"https://www.{name.lower()}.example", annual_revenue=_revenue(tier, random), revenue_currency=currency,
            **_common(number, tier, random.choice(staff.reps_abroad), days, random),
        )  # fmt: skip
        firms.append(Firm(_with_search(account), at_home=False, currency=currency))
    return firms


def _common(number: int, tier: Tier, owner: User, days: Days, random: Random) -> dict[str, object]:
    lowest, highest = STAGES_OF_TIER[tier]
    people, size = random.choices(SIZES, [50, 35, 15])[0]
    customer = tier != Tier.PROSPECT
    return {
        "code": f"K{10_001 + number}",
        "kind": random.choices([Kind.END_CUSTOMER, Kind.CONTRACTOR, Kind.CONSULTANT], [75, 17, 8])[0],
        "tier": tier,
        "development_stage": DevelopmentStage(random.randint(lowest, highest)),
        "owner": owner,
        "team": owner.team,
        "created_by": owner,
        "size": size,
        "employees": int(people * random.uniform(0.7, 1.9)),
        "founded_in": random.randint(1978, 2019),
        "tags": random.sample(words.TAGS, random.choice([0, 0, 1, 1, 2])),
        "payment_method": random.choice(PaymentMethod.values[:3]) if customer else "",
        "payment_terms_days": random.choice([30, 45, 60, 90]) if customer else None,
        "paying_days": random.choice([[], [10, 25], [15], [28]]) if customer else [],
        "last_contact_on": days.ago(random.randint(1, 60 if customer else 150)) if random.random() < 0.85 else None,
    }


def _with_search(account: Account) -> Account:
    for name, value in search_columns(
        account.name, account.short_name, account.english_name, account.code, account.credit_code
    ).items():
        setattr(account, name, value)
    return account


def _credit_code(place: str, random: Random) -> str:
    body = f"91{place}MA" + "".join(random.choice(ALPHABET) for _n in range(7))
    return body + check_character(body)


def _revenue(tier: Tier, random: Random) -> Decimal:
    millions = {Tier.VIP: 9_000, Tier.LARGE: 2_400, Tier.MEDIUM: 600, Tier.SMALL: 120, Tier.PROSPECT: 300}[tier]
    return Decimal(int(millions * random.uniform(0.5, 1.8))) * 1_000_000


def _join_groups(firms: list[Firm], random: Random) -> None:
    """A dozen groups: subsidiaries belong to a large firm of the same owner, so that both are seen by the same people."""
    heads = [firm for firm in firms if firm.account.tier in {Tier.VIP, Tier.LARGE}][:12]
    joined: list[Account] = []
    for head in heads:
        sisters = [
            firm.account
            for firm in firms
            if firm.account.owner_id == head.account.owner_id
            and firm.account.tier == Tier.SMALL
            and firm.account not in joined
        ]
        for account in random.sample(sisters, min(3, len(sisters))):
            account.parent = head.account
            joined.append(account)
    Account.objects.bulk_update(joined, ["parent"])


def _form_teams(firms: list[Firm], staff: Staff, random: Random) -> None:
    members = []
    for firm in firms:
        account = firm.account
        members.append(AccountMember(account=account, user=account.owner, role=MemberRole.OWNER))
        if account.tier in {Tier.VIP, Tier.LARGE}:
            members.append(AccountMember(account=account, user=staff["executive"], role=MemberRole.SPONSOR))
            members.append(AccountMember(account=account, user=staff["finance"], role=MemberRole.FINANCE))
        if random.random() < 0.15:
            same_side = staff.reps_at_home if firm.at_home else staff.reps_abroad
            colleague = random.choice([user for user in same_side if user.pk != account.owner_id])
            role = random.choice([MemberRole.TECHNICAL, MemberRole.SERVICE, MemberRole.SALES])
            members.append(AccountMember(account=account, user=colleague, role=role))
    AccountMember.objects.bulk_create(members)


def _fill_channels(firms: list[Firm], random: Random) -> None:
    channels = []
    for firm in firms:
        if firm.at_home:
            number = f"05{random.randrange(10, 99)}-8{random.randrange(100, 999)}0000"
            channels.append(AccountChannel(account=firm.account, kind=ChannelKind.PHONE, label="总机", value=number))
        else:
            mail = f"purchasing@{firm.account.name.split()[0].lower()}.example"
            channels.append(
                AccountChannel(account=firm.account, kind=ChannelKind.EMAIL, label="Purchasing", value=mail)
            )
    AccountChannel.objects.bulk_create(channels)


def _hire(firms: list[Firm], random: Random) -> None:
    """About two people a firm, more at the large ones; some changed firm and keep the old position with its end."""
    contacts: list[Contact] = []
    positions: list[Position] = []
    channels: list[ContactChannel] = []
    for firm in firms:
        count = {Tier.VIP: 7, Tier.LARGE: 5, Tier.MEDIUM: 3}.get(Tier(firm.account.tier), random.choice([1, 1, 2, 2]))
        posts = random.sample(words.POSTS if firm.at_home else words.POSTS_ABROAD, count)
        for post in posts:
            contact, position = _person(firm, post, random)
            firm.contacts.append(contact)
            contacts.append(contact)
            positions.append(position)
            channels.extend(_ways_to_reach(contact, firm, len(contacts), random))
    Contact.objects.bulk_create(contacts)
    for firm, other in zip(firms[::25], firms[13::25], strict=False):
        mover = firm.contacts[0]
        positions.append(
            Position(
                contact=mover, account=other.account, title=positions[0].title, department=positions[0].department,
                started_on=date(2017, 3, 1), ended_on=date(2021, 5, 31),
            )
        )  # fmt: skip
    Position.objects.bulk_create(positions)
    ContactChannel.objects.bulk_create(channels)


def _person(firm: Firm, post: tuple[Any, ...], random: Random) -> tuple[Contact, Position]:
    if firm.at_home:
        department, title, address, roles = post
        surname = random.choice(words.SURNAMES)
        name = surname + random.choice(words.GIVEN)
        salutation = f"{surname}{address}" if address else ""
    else:
        department, title, roles = post
        name = f"{random.choice(words.FIRST_NAMES)} {random.choice(words.LAST_NAMES)}"
        salutation = ""
    contact = Contact(
        full_name=name, salutation=salutation, owner=firm.account.owner, created_by=firm.account.owner,
        preferred_language="zh-hans" if firm.at_home else "en", **search_columns(name, person=firm.at_home),
    )  # fmt: skip
    position = Position(
        contact=contact, account=firm.account, title=title, department=department, roles=list(roles),
        started_on=date(random.randint(2014, 2024), random.randint(1, 12), 1),
    )  # fmt: skip
    return contact, position


def _ways_to_reach(contact: Contact, firm: Firm, number: int, random: Random) -> list[ContactChannel]:
    if not firm.at_home:
        first, _blank, last = contact.full_name.rpartition(" ")
        house = firm.account.name.split()[0].lower()
        mail = f"{first[:1]}.{last}@{house}.example".lower().replace(" ", "").replace("ö", "o")
        return [ContactChannel(contact=contact, kind=ChannelKind.EMAIL, label="Work", value=mail)]
    mobile = f"139 0000 {number:04d}"
    channels = [ContactChannel(contact=contact, kind=ChannelKind.MOBILE, label="", value=mobile)]
    if random.random() < 0.4:
        channels.append(ContactChannel(contact=contact, kind=ChannelKind.WECHAT, label="", value=f"wx_{number:04d}"))
    return channels


def _write_notes(firms: list[Firm], days: Days, random: Random) -> None:
    notes = []
    for firm in firms:
        spoken = firm.account.last_contact_on
        if spoken is None:
            continue
        for back in range({Tier.VIP: 6, Tier.LARGE: 4, Tier.MEDIUM: 2}.get(Tier(firm.account.tier), 1)):
            on = (
                spoken
                if back == 0
                else days.before(date.fromordinal(spoken.toordinal() - back * random.randint(9, 30)))
            )
            body = random.choice(words.NOTES)[0 if firm.at_home else 1]
            notes.append(
                AccountNote(
                    account=firm.account, body=body, by=firm.account.owner, at=days.moment(on, random), contacted_on=on
                )
            )
    AccountNote.objects.bulk_create(notes)


def _develop(firms: list[Firm], days: Days, random: Random) -> None:
    """How each account came to its stage: one step after the other over the last years."""
    changes = []
    for firm in firms:
        account = firm.account
        age = random.randint(10, 90)
        for stage in range(account.development_stage, 0, -1):
            moved_on = days.ago(age)
            changes.append(
                DevelopmentStageChange(
                    account=account, from_stage=stage - 1 or None, to_stage=stage, by=account.owner,
                    evidence=random.choice(words.STAGE_EVIDENCE) if stage > 1 else "", at=days.moment(moved_on, random),
                )
            )  # fmt: skip
            age += random.randint(40, 200)
    DevelopmentStageChange.objects.bulk_create(changes)

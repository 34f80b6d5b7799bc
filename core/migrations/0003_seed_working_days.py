"""Where China's calendar differs from Monday to Friday, 2024 to 2027.

2024–2026 as announced by the State Council, make-up working days included. 2027 is not announced yet: the law's
holidays as they fall, without make-up days, marked provisional. Days that are there already are left as they are,
and going back removes only what this step put in and nobody has edited since.
"""

from datetime import date, timedelta

from django.db import migrations

OFFICIAL = {
    2024: "国办发明电〔2023〕7号",
    2025: "国办发明电〔2024〕12号",
    2026: "国办发明电〔2025〕7号",
}
STATUTORY = "全国年节及纪念日放假办法"

# (name, first day off, last day off)
HOLIDAYS = [
    ("元旦", "2024-01-01", "2024-01-01"),
    ("春节", "2024-02-10", "2024-02-17"),
    ("清明节", "2024-04-04", "2024-04-06"),
    ("劳动节", "2024-05-01", "2024-05-05"),
    ("端午节", "2024-06-10", "2024-06-10"),
    ("中秋节", "2024-09-15", "2024-09-17"),
    ("国庆节", "2024-10-01", "2024-10-07"),
    ("元旦", "2025-01-01", "2025-01-01"),
    ("春节", "2025-01-28", "2025-02-04"),
    ("清明节", "2025-04-04", "2025-04-06"),
    ("劳动节", "2025-05-01", "2025-05-05"),
    ("端午节", "2025-05-31", "2025-06-02"),
    ("国庆节、中秋节", "2025-10-01", "2025-10-08"),
    ("元旦", "2026-01-01", "2026-01-03"),
    ("春节", "2026-02-15", "2026-02-23"),
    ("清明节", "2026-04-04", "2026-04-06"),
    ("劳动节", "2026-05-01", "2026-05-05"),
    ("端午节", "2026-06-19", "2026-06-21"),
    ("中秋节", "2026-09-25", "2026-09-27"),
    ("国庆节", "2026-10-01", "2026-10-07"),
    ("元旦", "2027-01-01", "2027-01-01"),
    ("春节", "2027-02-05", "2027-02-10"),
    ("清明节", "2027-04-05", "2027-04-05"),
    ("劳动节", "2027-05-01", "2027-05-04"),
    ("端午节", "2027-06-09", "2027-06-09"),
    ("中秋节", "2027-09-15", "2027-09-15"),
    ("国庆节", "2027-10-01", "2027-10-05"),
]

# Saturdays and Sundays on which people work instead
MAKE_UP_DAYS = [
    ("春节", "2024-02-04"), ("春节", "2024-02-18"), ("清明节", "2024-04-07"), ("劳动节", "2024-04-28"),
    ("劳动节", "2024-05-11"), ("中秋节", "2024-09-14"), ("国庆节", "2024-09-29"), ("国庆节", "2024-10-12"),
    ("春节", "2025-01-26"), ("春节", "2025-02-08"), ("劳动节", "2025-04-27"),
    ("国庆节、中秋节", "2025-09-28"), ("国庆节、中秋节", "2025-10-11"),
    ("元旦", "2026-01-04"), ("春节", "2026-02-14"), ("春节", "2026-02-28"), ("劳动节", "2026-05-09"),
    ("国庆节", "2026-09-20"), ("国庆节", "2026-10-10"),
]  # fmt: skip


def rows(WorkDay):
    for name, first, last in HOLIDAYS:
        day = date.fromisoformat(first)
        while day <= date.fromisoformat(last):
            yield row(WorkDay, day, name, is_workday=False)
            day += timedelta(days=1)
    for name, day in MAKE_UP_DAYS:
        yield row(WorkDay, date.fromisoformat(day), name, is_workday=True)


def row(WorkDay, day, name, *, is_workday):
    official = OFFICIAL.get(day.year)
    return WorkDay(
        date=day,
        is_workday=is_workday,
        name=name,
        source=official or STATUTORY,
        status="official" if official else "provisional",
    )


def seed(apps, schema_editor):
    WorkDay = apps.get_model("core", "WorkDay")
    WorkDay.objects.bulk_create(rows(WorkDay), ignore_conflicts=True)


def unseed(apps, schema_editor):
    WorkDay = apps.get_model("core", "WorkDay")
    for ours in rows(WorkDay):
        WorkDay.objects.filter(
            date=ours.date, is_workday=ours.is_workday, name=ours.name, source=ours.source, status=ours.status
        ).delete()


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [migrations.RunPython(seed, unseed)]

"""What the sellers counted of their days: thirteen weeks of dials, conversations and appointments (P7)."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from desk.demo.days import Days
from desk.demo.history import DISCIPLINE
from desk.demo.people import Staff
from prospects.choices import Counter
from prospects.models import Tally
from prospects.queries.numbers import WEEKS


def count(staff: Staff, days: Days, random: Random) -> None:
    """Whoever reviews his cards in time dials more, too; today is half over."""
    rows = []
    for login, discipline in DISCIPLINE.items():
        for back in range(WEEKS * 7):
            on = days.today - timedelta(days=back)
            if not days.works(on):
                continue
            dials = round(random.randint(9, 19) * discipline) // (1 if back else 2)
            talks = round(dials * random.uniform(0.35, 0.55))
            first = min(talks, random.choices([0, 1, 2], [45, 45, 10])[0])
            tapped = {Counter.DIAL: dials, Counter.CONVERSATION: talks, Counter.FIRST: first if back else 0}
            rows += [
                Tally(user=staff[login], on=on, counter=counter, count=number)
                for counter, number in tapped.items()
                if number
            ]
    Tally.objects.bulk_create(rows, batch_size=2_000)

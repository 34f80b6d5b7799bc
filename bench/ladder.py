"""`python -m bench.ladder`: the nightly run of the dunning ladder over all that is open, carried through and taken back.

In a process of its own, so that its memory is the run's. First from nothing, when everybody late is written to or called;
then once more on the next working day, as on every other night.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")

ROOT = Path(__file__).resolve().parent.parent
WRITTEN = ("dunning_message", "dunning_messageline", "dunning_case")


def main() -> None:
    """Climb twice, and say what each took as JSON."""
    import django

    django.setup()
    from django.db import transaction

    from bench.loading import run
    from core.workdays import add_workdays, today

    with transaction.atomic():
        figures = [
            _climb("climb the dunning ladder, from nothing", None),
            _climb("climb it on the next working day", add_workdays(today(), 1)),
        ]
        transaction.set_rollback(True)
    run(f"vacuum analyze {', '.join(WRITTEN)}")
    print(json.dumps(figures))


def measure() -> list[dict[str, Any]]:
    """The same in a process of its own, as lines of the table of jobs."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.ladder"], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    )
    figures: list[dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    return figures


def _climb(name: str, on: Any) -> dict[str, Any]:
    from bench.imports import Timed
    from core.users import SYSTEM
    from dunning.actions import propose_messages

    times: dict[str, Any] = {}
    with Timed(times, "job"):
        done = propose_messages(by=SYSTEM, on=on)
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    result = f"{done}, {times['job_statements']} statements, {megabytes:.0f} MB"
    return {
        "name": name, "seconds": times["job"], "python": times["job_python"], "database": times["job_database"], "result": result,
    }  # fmt: skip


if __name__ == "__main__":
    main()

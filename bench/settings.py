"""The product's settings over the large data set, with the floor views beside the pages."""

import os

from config.settings import *  # noqa: F403

DATABASES["default"]["NAME"] = os.environ.get("BENCH_DATABASE_NAME", "keyline_bench")  # noqa: F405
ROOT_URLCONF = "bench.urls"
LOGGING["root"]["level"] = "ERROR"  # type: ignore[index]  # noqa: F405
API_REQUESTS_A_MINUTE = 1_000_000_000  # the load asks as fast as it can

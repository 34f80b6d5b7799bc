"""A closed-loop load on 127.0.0.1: every client sends its next request when the last is answered."""

from __future__ import annotations

import http.client
import threading
import time
from dataclasses import dataclass
from itertools import cycle
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client


@dataclass(frozen=True)
class Result:
    """Milliseconds (median, 95th percentile), requests a second, bytes of an answer, answers that were not 200."""

    p50: float
    p95: float
    per_second: float
    size: int
    errors: int


def cookies_of(email: str) -> str:
    """The Cookie header of a freshly signed-in user."""
    client = Client()
    client.force_login(get_user_model().objects.get(email=email))
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def run(port: int, paths: list[str], *, cookies: str, clients: int, seconds: float, at_most: int = 400) -> Result:
    """Walk through the paths with so many clients for so long, and measure."""
    times: list[float] = []
    errors = size = 0
    lock = threading.Lock()
    stop_at = time.perf_counter() + seconds
    turn = cycle([quote(path, safe="/?&=%") for path in paths])

    def client() -> None:
        nonlocal errors, size
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while time.perf_counter() < stop_at and len(times) + errors < at_most:
            with lock:
                path = next(turn)
            start = time.perf_counter()
            connection.request("GET", path, headers={"Cookie": cookies})
            response = connection.getresponse()
            body = response.read()
            took = (time.perf_counter() - start) * 1000
            with lock:
                size = len(body)
                if response.status == 200:
                    times.append(took)
                else:
                    errors += 1
        connection.close()

    began = time.perf_counter()
    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wall = time.perf_counter() - began
    times.sort()
    if not times:
        return Result(0, 0, 0, size, errors)
    return Result(times[len(times) // 2], times[int(len(times) * 0.95)], len(times) / wall, size, errors)

"""A closed-loop load on 127.0.0.1: every client sends its next request when the last is answered."""

from __future__ import annotations

import http.client
import threading
import time
from dataclasses import dataclass
from itertools import cycle
from urllib.parse import quote
from uuid import uuid4

from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client

from core.tokens import make_token

GOOD = {200, 201}


@dataclass(frozen=True)
class Result:
    """Good answers, milliseconds (median, 95th percentile), requests a second, bytes of an answer, requests that failed."""

    times: int

    p50: float
    p95: float
    per_second: float
    size: int
    errors: int


def cookies_of(email: str) -> dict[str, str]:
    """The headers of a freshly signed-in user's browser."""
    client = Client()
    client.force_login(get_user_model().objects.get(email=email))
    return {"Cookie": f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"}


def key_of(email: str) -> dict[str, str]:
    """The headers of a program that works for this user over the API."""
    _token, key = make_token(get_user_model().objects.get(email=email), "bench")
    return {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}


def run(
    port: int, paths: list[str], *, headers: dict[str, str], clients: int, seconds: float, at_most: int = 400,
    bodies: list[str] | None = None,
) -> Result:  # fmt: skip
    """Walk through the paths with so many clients for so long, and measure. With bodies they are posted, each once more new."""
    times: list[float] = []
    errors = size = 0
    lock = threading.Lock()
    stop_at = time.perf_counter() + seconds
    turn = cycle([quote(path, safe="/?&=%") for path in paths])
    said = cycle(bodies or [""])

    def client() -> None:
        nonlocal errors, size
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while time.perf_counter() < stop_at and len(times) + errors < at_most:
            with lock:
                path, body = next(turn), next(said)
            start = time.perf_counter()
            status, answer = _ask(connection, path, headers, body)
            took = (time.perf_counter() - start) * 1000
            with lock:
                if status in GOOD:
                    size = len(answer)
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
        return Result(0, 0, 0, 0, size, errors)
    return Result(len(times), times[len(times) // 2], times[int(len(times) * 0.95)], len(times) / wall, size, errors)


def _ask(connection: http.client.HTTPConnection, path: str, headers: dict[str, str], body: str) -> tuple[int, bytes]:
    """The answer; status 0 when there was none.

    A kept connection may be closed by a worker that makes room for a fresh one (`max_requests`): as any browser does, one
    asks once more on a new connection, with the same key.
    """
    if body:
        headers = {**headers, "Idempotency-Key": uuid4().hex}
    for _again in range(2):
        try:
            connection.request("POST" if body else "GET", path, body.encode() or None, headers)
            response = connection.getresponse()
            return response.status, response.read()
        except (OSError, http.client.HTTPException):
            connection.close()
    return 0, b""

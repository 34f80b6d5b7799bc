"""One REDIS_URL, two databases in it: emptying the cache must not empty the queue."""

from urllib.parse import parse_qs, urlsplit, urlunsplit

from django.core.exceptions import ImproperlyConfigured


def broker_and_cache(url: str) -> tuple[str, str]:
    """The addresses of broker (the database the URL names, else 0) and cache (the next one).

    Takes `redis://`, `rediss://` and `unix://`; for a socket file Celery spells the address differently.
    """
    parts = urlsplit(url)
    if parts.scheme == "unix":
        number = int(parse_qs(parts.query).get("db", ["0"])[0])
        return f"redis+socket://{parts.path}?virtual_host={number}", f"unix://{parts.path}?db={number + 1}"
    name = parts.path.strip("/") or "0"
    if parts.scheme not in ("redis", "rediss") or not name.isdigit():
        raise ImproperlyConfigured("REDIS_URL must look like redis://host:6379/0, rediss://… or unix:///path?db=0.")
    number = int(name)
    broker, cache = (urlunsplit(parts._replace(path=f"/{database}")) for database in (number, number + 1))
    return broker, cache

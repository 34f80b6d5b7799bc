"""How gunicorn serves Keyline: two processes of four threads, lean in memory, from `make run` and in production alike."""

import gc
import os

workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
threads = int(os.environ.get("WEB_THREADS") or 4)
worker_class = "gthread"
timeout = 60
graceful_timeout = 10
keepalive = 5
max_requests = 5000  # a slow leak never grows for long
max_requests_jitter = 1000
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108, PTH112  the heartbeat must not wait for a disk
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")
loglevel = "warning"

# Loaded once and shared by the workers; frozen objects stay shared because the collector does not touch their pages.
preload_app = True


def when_ready(_server: object) -> None:
    """Before the workers are forked: what was loaded up to here is there to stay."""
    gc.collect()
    gc.freeze()

"""The product's settings with the few changes that tests want. The servers are of their own, in `<data>/test`."""

import os
from pathlib import Path

from bin.servers import default_urls

ROOT = Path(__file__).resolve().parent.parent

# Set before the real settings are read, and stronger than `.env`: a test never touches the data of `make run`.
# The processes of pytest-xdist inherit what the first one decided here.
if "KEYLINE_TEST_SERVER" not in os.environ:
    os.environ["KEYLINE_TEST_SERVER"] = "given" if "DATABASE_URL" in os.environ else "embedded"
    os.environ["KEYLINE_DATA_DIR"] = str(Path(os.environ.get("KEYLINE_DATA_DIR") or ROOT / ".data") / "test")
EMBEDDED_SERVER = os.environ["KEYLINE_TEST_SERVER"] == "embedded"
os.environ["KEYLINE_ENV"] = "local"
os.environ.setdefault("DATABASE_URL", default_urls(Path(os.environ["KEYLINE_DATA_DIR"]))[0])
os.environ["DEBUG"] = "false"
os.environ["EMAIL_HOST"] = ""

from config.settings import *  # noqa: E402, F403

CACHES["default"] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}  # noqa: F405
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
LANGUAGE_CODE = "en"

STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405  whitenoise warns about a missing folder

"""The product's own settings, in an environment where nothing of the developer's machine shows through."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

FOLDER = Path(tempfile.mkdtemp(prefix="copydesk-test-"))
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)

for variable in [name for name in os.environ if name.startswith("COPYDESK_")]:
    if variable != "COPYDESK_DATABASE_URL":  # Which database the run is about: see the Makefile.
        del os.environ[variable]
os.environ |= {
    "COPYDESK_DIR": str(FOLDER),
    "COPYDESK_BASE_URL": "http://localhost:8000",
    "COPYDESK_SECRET_KEY": "a key that signs nothing but what the tests make",
}

from copydesk.config.settings import *  # noqa: E402, F403 - the environment comes first
from copydesk.config.settings import DATA_DIR, DATABASES, LOGGING, STORAGES  # noqa: E402

for folder in ("media", "static"):
    (DATA_DIR / folder).mkdir(parents=True)

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, not memory: several connections at once and the WAL behave as they do on a site.
    DATABASES["default"]["TEST"] = {"NAME": str(FOLDER / "test.sqlite3")}
else:
    DATABASES["default"]["CONN_MAX_AGE"] = (
        0  # An open connection would keep the database from being dropped.
    )

ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # Argon2 is slow on purpose.
# The hashed names of the real storage need `collectstatic` first.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
# pytest shows what a failed test logged; Wagtail's line about every page made would bury the rest.
LOGGING["root"] = {"handlers": [], "level": "WARNING"}

"""Editors in a process of their own, who can be killed while they publish."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

from copydesk.editorial.models import PublishedArticle

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Editors:
    """The process that forks editors; it works on this test's database."""

    process: subprocess.Popen[str]

    def send_in(self) -> int:
        """Have an editor begin, and return the number of their process."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        said = [self.process.stdout.readline().strip() for _line in range(2)]
        return next(int(line) for line in said if line.isdecimal())


@contextmanager
def editors_of(article_pk: int) -> Iterator[Editors]:
    """Let editors of an article be at hand while the block runs."""
    environ = os.environ | {
        "COPYDESK_DIR": str(settings.DATA_DIR.parent),
        "COPYDESK_SECRET_KEY": settings.SECRET_KEY,
        "COPYDESK_DATABASE_URL": _database_url(),
        "DJANGO_SETTINGS_MODULE": "copydesk.config.settings",
    }
    command = [sys.executable, "-m", "tests.integration.pagestore.editor", str(article_pk)]
    with subprocess.Popen(
        command, cwd=ROOT, env=environ, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        yield Editors(process)
        process.kill()


def _database_url() -> str:
    known: dict[str, Any] = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:////{str(known['NAME']).lstrip('/')}"
    given = urlsplit(os.environ["COPYDESK_DATABASE_URL"])
    return given._replace(path=f"/{known['NAME']}").geturl()


def version_of(text: str) -> int:
    """Return the version that a text names first."""
    return int(text.partition("Version ")[2].partition(".")[0])


def time_until_version(article: PublishedArticle, version: int) -> float:
    """Return how many seconds an editor takes until readers have a version."""
    began = time.monotonic()
    while version_of(PublishedArticle.objects.get(pk=article.pk).headline) < version:
        assert time.monotonic() < began + 60
        time.sleep(0.005)
    return time.monotonic() - began

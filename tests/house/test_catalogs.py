"""No word of the interface is left without its translation, and each translation keeps what its original holds."""

from __future__ import annotations

import gettext
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from typing import TYPE_CHECKING, TypeAlias

import pytest

from tests.conftest import lacking
from tests.house.source import PACKAGE, ROOT, relative

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# What stands for a message: itself, after its context, or itself and the number of a plural form.
Key: TypeAlias = str | tuple[str, int]

CATALOGS = sorted(PACKAGE.glob("**/locale/*/LC_MESSAGES/*.po"))
PROGRAMS = ("xgettext", "msgmerge", "msguniq", "msgattrib", "msgen", "msgfmt")
# %(x)s, %s and {x}; elements of HTML; addresses and commands, which are the same in every language.
KEPT = re.compile(
    r"%\(\w+\)[a-z]|%[sd]|\{\w*\}|</?[a-z][^>]*>|`[^`]+`|https?://[\w./-]+[\w/]|#[0-9a-f]{6}"
)
COUNTS = range(1001)
DRAW = (
    "cd copydesk && ../.venv/bin/python ../manage.py makemessages --locale=ar --no-wrap"
    " --add-location=file --no-obsolete, translate, tools/catalogs.py --write"
)


@pytest.fixture(autouse=True, scope="module")
def _gettext() -> None:
    for program in PROGRAMS:
        if not shutil.which(program):
            lacking(f"{program} is missing. On Debian, as root: apt-get install gettext")


def run(*command: str | Path, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run a program that knows no settings of ours, in a language the test can read."""
    environ = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("COPYDESK_", "DJANGO_"))
    }
    return subprocess.run(
        command, cwd=folder, env=environ | {"LC_ALL": "C"}, check=False, text=True, capture_output=True
    )  # fmt: skip


def read(source: Path, folder: Path) -> gettext.GNUTranslations:
    """Return what a catalog translates; msgfmt leaves out what is missing or fuzzy."""
    compiled = folder / "read.mo"
    done = run("msgfmt", "--output-file", compiled, source)
    assert done.returncode == 0, done.stderr
    with compiled.open("rb") as file:
        return gettext.GNUTranslations(file)


def entries(catalog: gettext.GNUTranslations) -> dict[Key, str]:
    found: dict[Key, str] = vars(catalog)["_catalog"]
    return {key: text for key, text in found.items() if key}


def message(key: Key) -> str:
    """Return the message a key stands for, without its context."""
    return (key if isinstance(key, str) else key[0]).rpartition("\x04")[2]


def messages(catalog: gettext.GNUTranslations) -> set[str]:
    """Return the messages of a catalog, each after its context."""
    return {key if isinstance(key, str) else key[0] for key in entries(catalog)}


@pytest.fixture(scope="module")
def in_code(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The messages that stand in Python and in templates now, drawn from a copy: drawing leaves files beside each."""
    folder = tmp_path_factory.mktemp("messages")
    for path in PACKAGE.rglob("*"):
        if path.suffix in {".py", ".html", ".txt"} and "__pycache__" not in path.parts:
            copy = folder / path.relative_to(PACKAGE)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
    (folder / "locale").mkdir()
    done = run(sys.executable, "-m", "django", "makemessages", "--locale=ar", folder=folder)
    assert done.returncode == 0, done.stderr
    drawn = folder / "locale/ar/LC_MESSAGES/django.po"
    done = run("msgen", "--output-file", folder / "each-as-itself.po", drawn)
    assert done.returncode == 0, done.stderr
    found = messages(read(folder / "each-as-itself.po", folder))
    assert len(found) > 100
    return found


def test_there_is_a_catalog() -> None:
    assert [relative(path) for path in CATALOGS] == [
        "copydesk/theme/locale/ar/LC_MESSAGES/django.po"
    ]


@pytest.mark.parametrize("source", CATALOGS, ids=relative)
def test_every_message_is_translated(source: Path, in_code: set[str], tmp_path: Path) -> None:
    missing = in_code - messages(read(source, tmp_path))
    assert not missing, f"to bring them in: {DRAW}"


@pytest.mark.parametrize("source", CATALOGS, ids=relative)
def test_no_translation_is_of_a_message_that_is_gone(
    source: Path, in_code: set[str], tmp_path: Path
) -> None:
    assert not messages(read(source, tmp_path)) - in_code
    assert "\n#~" not in source.read_text(encoding="utf-8")


def test_the_compiled_catalogs_say_what_their_sources_say() -> None:
    done = run(sys.executable, ROOT / "tools/catalogs.py")
    assert done.returncode == 0, done.stdout


def one_count_forms(plural: Callable[[int], int]) -> set[int]:
    """Return the plural forms that are for one number alone, and so may say it as a word."""
    return {form for form, times in Counter(map(plural, COUNTS)).items() if times == 1}


@pytest.mark.parametrize("source", CATALOGS, ids=relative)
def test_translations_keep_placeholders_and_markup(source: Path, tmp_path: Path) -> None:
    catalog = read(source, tmp_path)
    in_words = one_count_forms(vars(catalog)["plural"])
    wrong = []
    for key, text in entries(catalog).items():
        wanted, kept = Counter(KEPT.findall(message(key))), Counter(KEPT.findall(text))
        if not isinstance(key, str) and key[1] in in_words:
            wanted = Counter({part: n for part, n in wanted.items() if part in kept})
        if kept != wanted:
            wrong.append((key, text))
    assert not wrong


@pytest.mark.parametrize("source", CATALOGS, ids=relative)
def test_every_plural_form_is_written(source: Path, tmp_path: Path) -> None:
    catalog = read(source, tmp_path)
    forms = set(map(vars(catalog)["plural"], COUNTS))
    counted = {key[0] for key in entries(catalog) if not isinstance(key, str)}
    assert counted
    assert not [
        (text, form) for text in counted for form in forms if not entries(catalog).get((text, form))
    ]

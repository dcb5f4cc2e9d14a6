"""The closed list of names: where code goes can be guessed, and nothing goes to a drawer of odds and ends.

import-linter holds the apps of the domain to one list; the folders that are no such app have lists of their own. A new
name is a decision: add it here with an ADR that says why.
"""

from __future__ import annotations

import pytest

from tests.house.source import PACKAGE

SHAPE = {
    *("apps", "urls", "wagtail_hooks", "admin"),
    *("signals", "views", "api", "feeds", "sitemaps", "tasks", "management", "middleware"),
    *(
        "forms",
        "templatetags",
        "actions",
        "policies",
        "queries",
        "models",
        "blocks",
        "events",
        "backends",
        "logic",
    ),
}
DATA = {"migrations", "templates", "static", "locale"}
NAMES = {
    "kit": {"clock", "events", "html", "http", "ids", "pagination", "types"},
    "config": {"env", "settings", "urls", "wiring", "wsgi"},
    "theme": {"apps", "backends", "logic", "middleware", "templatetags", "views", "urls"}
    | DATA - {"migrations"},
    # `main` is the command line, `serve` the supervisor, `demo` the publication of `copydesk demo`.
    "ops": SHAPE | DATA | {"main", "serve", "demo"},
    # One folder per format.
    "importers": SHAPE | DATA | {"retractions", "wordpress"},
    "exporters": SHAPE | DATA,
    "api": SHAPE | DATA,
    # `verify` is the stand-alone verifier, which loads no framework.
    "record": SHAPE | DATA | {"verify"},
}
FORMATS = {"actions", "logic", "queries", "backends"}


def _names(folder: str) -> set[str]:
    return {
        path.stem
        for path in (PACKAGE / folder).iterdir()
        if (path.suffix == ".py" or path.is_dir()) and path.stem not in {"__init__", "__pycache__"}
    }


@pytest.mark.parametrize(
    "app", sorted(path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists())
)
def test_names_come_from_the_list(app: str) -> None:
    assert _names(app) <= NAMES.get(app, SHAPE | DATA)


def test_every_importer_has_the_same_shape() -> None:
    for kind in _names("importers") - SHAPE - DATA:
        assert _names(f"importers/{kind}") <= FORMATS


def test_the_package_holds_nothing_but_apps() -> None:
    loose = [path.name for path in PACKAGE.glob("*.py") if path.name != "__init__.py"]
    assert not loose

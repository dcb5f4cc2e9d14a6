"""Rules about Python code that no import contract and no linter knows."""

from __future__ import annotations

import ast
import re

import pytest

from tests.house.source import Module, called_name, modules

GETTEXT = {
    "_",
    "gettext",
    "gettext_lazy",
    "ngettext",
    "ngettext_lazy",
    "pgettext",
    "pgettext_lazy",
    "npgettext",
}


def _is_bare_save(call: ast.Call) -> bool:
    if not (isinstance(call.func, ast.Attribute) and call.func.attr == "save"):
        return False
    match call.func.value:
        # A form's save, and a model's own `super().save(…)`, pass on what they were told.
        case ast.Name(id="form") | ast.Attribute(attr="form") | ast.Call(func=ast.Name(id="super")):
            return False
    # `image.save(file, …)` and `storage.save(name, …)` write files; a row is saved with nothing by position.
    named = {keyword.arg for keyword in call.keywords}
    return not call.args and not named & {"update_fields", "force_insert"}


def test_a_row_is_never_saved_whole() -> None:
    """A whole-row save undoes what another request wrote meanwhile."""
    found = [
        m.at(call)
        for m in modules()
        for call in m.calls()
        if not m.is_migration and _is_bare_save(call)
    ]
    assert not found, "name update_fields"


def test_only_one_module_decides_that_text_is_safe() -> None:
    deciding = {"mark_safe", "SafeString", "SafeText", "html_safe"}
    found = [
        module.at(call)
        for module in modules()
        for call in module.calls()
        if called_name(call) in deciding and module.path != "copydesk/kit/html.py"
    ]
    assert not found, "ask kit/html.py"


def _translates_what_varies(call: ast.Call) -> bool:
    if called_name(call) not in GETTEXT:
        return False
    constant = ast.Constant
    return any(not isinstance(argument, constant) for argument in call.args[:1])


def test_what_is_translated_is_written_out() -> None:
    """An f-string, a sum or a name is never found by the collector of texts, so nobody can translate it."""
    found = [m.at(call) for m in modules() for call in m.calls() if _translates_what_varies(call)]
    assert not found


def _cannot_be_undone(call: ast.Call) -> bool:
    if called_name(call) not in {"RunPython", "RunSQL"}:
        return False
    named = {keyword.arg for keyword in call.keywords}
    return len(call.args) < 2 and not named & {"reverse_code", "reverse_sql"}


def _migrations() -> list[Module]:
    return [module for module in modules() if module.is_migration]


def test_every_migration_can_be_undone() -> None:
    assert not [m.at(call) for m in _migrations() for call in m.calls() if _cannot_be_undone(call)]


def test_migrations_stand_on_their_own() -> None:
    """A migration that calls today's code changes its meaning with it."""
    imported = {
        (module.path, name)
        for module in _migrations()
        for node in ast.walk(module.tree)
        for name in _imported(node)
        if name.startswith("copydesk.")
    }
    # What makemigrations writes: managers and validators live in models, the clock is a default.
    written = re.compile(r"copydesk\.(\w+\.models|kit\.clock)\b")
    assert not {(path, name) for path, name in imported if not written.match(name)}


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return []


@pytest.mark.parametrize(
    ("line", "is_bare"),
    [
        ("article.save()", True),
        ("self.get().save(using='default')", True),
        ("article.save(force_update=True)", True),
        ("article.save(force_insert=True)", False),
        ("article.save(update_fields=['title'])", False),
        ("form.save()", False),
        ("self.form.save(commit=False)", False),
        ("super().save(*args, **kwargs)", False),
        ("image.save(out, 'JPEG')", False),
    ],
)
def test_the_rule_about_saving_sees_what_it_should(line: str, *, is_bare: bool) -> None:
    assert _is_bare_save(_call(line)) is is_bare


@pytest.mark.parametrize(
    ("line", "varies"),
    [
        ("_(f'{name}')", True),
        ("gettext('a' + name)", True),
        ("ngettext('a', name, 2)", False),
        ("_('a')", False),
    ],
)
def test_the_rule_about_translating_sees_what_it_should(line: str, *, varies: bool) -> None:
    assert _translates_what_varies(_call(line)) is varies


def _call(line: str) -> ast.Call:
    call = ast.parse(line, mode="eval").body
    assert isinstance(call, ast.Call)
    return call

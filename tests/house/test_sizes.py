"""What fits in a head."""

from __future__ import annotations

import ast

import pytest

from tests.house.source import modules, templates

MODULE_LINES = 400
# The cases of one subject stand together, with the texts they need.
TEST_MODULE_LINES = 550
FUNCTION_LINES = 40
TEMPLATE_LINES = 200


@pytest.mark.parametrize("folder", ["copydesk", "tests", "tools"])
def test_modules_stay_short(folder: str) -> None:
    sizes = {
        module.path: module.text.count("\n")
        for module in modules(folder)
        if not module.is_migration
    }
    limit = TEST_MODULE_LINES if folder == "tests" else MODULE_LINES
    assert not {path: lines for path, lines in sizes.items() if lines > limit}


@pytest.mark.parametrize("folder", ["copydesk", "tests"])
def test_functions_stay_short(folder: str) -> None:
    sizes = {
        f"{module.at(node)} {node.name}": (node.end_lineno or 0) - node.lineno + 1
        for module in modules(folder)
        if not module.is_migration
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert not {name: lines for name, lines in sizes.items() if lines > FUNCTION_LINES}


def test_templates_stay_short() -> None:
    sizes = {path: text.count("\n") for path, text in templates()}
    assert not {path: lines for path, lines in sizes.items() if lines > TEMPLATE_LINES}

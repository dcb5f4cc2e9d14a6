"""Foreign keys are imports by another name: they, too, point down the stack."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

from django.apps import apps

from tests.house.source import ROOT

if TYPE_CHECKING:
    from django.db.models import Model


def _levels() -> dict[str, int]:
    """Return how high each app stands, from the contract import-linter checks."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
        "contracts"
    ]
    layers = next(
        contract["layers"] for contract in contracts if contract["name"] == "Apps form one stack"
    )
    return {
        name.strip(" ()"): height
        for height, layer in enumerate(reversed(layers))
        for name in layer.split("|")
    }


def _app(model: type[Model]) -> str:
    root, _, rest = model.__module__.partition(".")
    return rest.partition(".")[0] if root == "copydesk" else ""


def test_relations_point_down_the_stack() -> None:
    levels = _levels()
    upward = [
        f"{model.__name__}.{field.name} -> {related.__name__}"
        for model in apps.get_models(include_auto_created=True)
        if (own := _app(model))
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and isinstance(related := field.related_model, type)
        if (other := _app(related)) and other != own and levels[other] >= levels[own]
    ]
    assert not upward

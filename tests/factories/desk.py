"""The desk as a browser uses it: its forms are read from the page, changed, and sent back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from wagtail import blocks
from wagtail.test.utils.form_data import querydict_from_html

from copydesk.editorial.blocks import ArticleBody
from tests.factories.editorial import front_page

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.test import Client
    from django.test.client import _MonkeyPatchedWSGIResponse as HttpResponse
    from wagtail.models import Page

    from copydesk.members.models import Member

BACKEND = "django.contrib.auth.backends.ModelBackend"


def enter(client: Client, member: Member) -> Client:
    """Sign `member` in."""
    client.force_login(member, backend=BACKEND)
    return client


def edit_url(page: Page) -> str:
    """Return where `page` is edited."""
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def read_form(client: Client, url: str) -> dict[str, Any]:
    """Return what the page's edit form holds, but for the body, which scripts write."""
    response = client.get(url)
    assert response.status_code == 200, response
    form = querydict_from_html(response.content.decode(), form_id="page-edit-form")
    return dict(form.items())


def body_data(page: Page) -> dict[str, str]:
    """Return the body of a page's latest draft as the editor would send it."""
    draft = page.get_latest_revision_as_object()
    block = draft._meta.get_field("body").stream_block
    return flatten(block, block.get_form_state(draft.body), "body")


def new_body(*typed: dict[str, Any]) -> dict[str, str]:
    """Return a body as somebody could send it: each value is what the block's form would hold."""
    return flatten(ArticleBody(), [{"id": "", **block} for block in typed], "body")


def flatten(block: blocks.Block, state: Any, prefix: str) -> dict[str, str]:
    """Return a block's form state as form fields."""
    if isinstance(block, (blocks.StreamBlock, blocks.ListBlock)):
        return _flatten_items(block, state, prefix)
    if isinstance(block, blocks.StructBlock):
        fields: dict[str, str] = {}
        for name, child in block.child_blocks.items():
            if name in state:
                fields |= flatten(child, state[name], f"{prefix}-{name}")
        return fields
    if isinstance(block, blocks.BooleanBlock):
        return {prefix: "on"} if state else {}
    if isinstance(state, dict):  # A chooser's.
        state = state.get("id", "")
    if isinstance(state, list):  # A choice among several.
        state = state[0]
    return {prefix: "" if state is None else str(state)}


def _flatten_items(
    block: blocks.StreamBlock | blocks.ListBlock, items: Iterable[dict[str, Any]], prefix: str
) -> dict[str, str]:
    fields: dict[str, str] = {}
    number = -1
    for number, item in enumerate(items):
        at = f"{prefix}-{number}"
        fields |= {
            f"{at}-deleted": "",
            f"{at}-order": str(number),
            f"{at}-id": item.get("id") or "",
        }
        child = (
            block.child_block
            if isinstance(block, blocks.ListBlock)
            else block.child_blocks[item["type"]]
        )
        if "type" in item:
            fields[f"{at}-type"] = item["type"]
        fields |= flatten(child, item.get("value"), f"{at}-value")
    return fields | {f"{prefix}-count": str(number + 1)}


def rich(
    text: str, *, entity: dict[str, Any] | None = None, kind: str = "LINK", block: str = "unstyled"
) -> str:
    """Return rich text as the editor sends it: the whole text may carry one entity, such as a link."""
    ranges = [{"offset": 0, "length": len(text), "key": 0}] if entity is not None else []
    paragraph = {
        "key": "abcde",
        "text": text,
        "type": block,
        "depth": 0,
        "inlineStyleRanges": [],
        "entityRanges": ranges,
        "data": {},
    }
    entities = (
        {"0": {"type": kind, "mutability": "MUTABLE", "data": entity}} if entity is not None else {}
    )
    return json.dumps({"blocks": [paragraph], "entityMap": entities})


def save(client: Client, page: Page, *, action: str = "", **changes: Any) -> HttpResponse:
    """Save `page` through its edit form; `action` is a button such as "action-publish"."""
    url = edit_url(page)
    data = {**read_form(client, url), **body_data(page), **changes}
    return client.post(url, data | ({action: "1"} if action else {}))


def create(
    client: Client, *, action: str = "", kind: str = "article", **fields: Any
) -> HttpResponse:
    """Create a page under the front page through its form."""
    url = reverse("wagtailadmin_pages:add", args=["editorial", kind, front_page().pk])
    data = {**read_form(client, url), **new_body(), **fields}
    return client.post(url, data | ({action: "1"} if action else {}))

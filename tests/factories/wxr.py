"""Exports written for a test."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Old</title><link>https://old.example</link><language>en-US</language>
<wp:wxr_version>1.2</wp:wxr_version><wp:base_blog_url>https://old.example</wp:base_blog_url>
"""
FOOT = "</channel></rss>\n"


def item(number: int = 1, *, content: str = "", more: str = "", **fields: str) -> str:
    """An item of an export; `more` is XML put in as it is."""
    told = {
        "post_id": str(number),
        "post_name": f"post-{number}",
        "post_date": "2010-03-04 05:06:07",
        "post_date_gmt": "2010-03-04 04:06:07",
        "comment_status": "open",
        "status": "publish",
        "post_type": "post",
        "post_parent": "0",
    } | {
        name: value
        for name, value in fields.items()
        if name not in {"title", "link", "excerpt", "creator"}
    }
    inside = "".join(f"<wp:{name}><![CDATA[{value}]]></wp:{name}>" for name, value in told.items())
    link = fields.get("link", f"https://old.example/2010/03/post-{number}/")
    return (
        f"<item><title><![CDATA[{fields.get('title', f'Post {number}')}]]></title><link>{link}</link>"
        f"<guid isPermaLink='false'>https://old.example/?p={number}</guid>"
        f"<dc:creator><![CDATA[{fields.get('creator', 'ann')}]]></dc:creator>"
        f"<content:encoded><![CDATA[{content}]]></content:encoded>"
        f"<excerpt:encoded><![CDATA[{fields.get('excerpt', '')}]]></excerpt:encoded>{inside}{more}</item>\n"
    )


def meta(key: str, value: str) -> str:
    """A post's meta field."""
    return (
        f"<wp:postmeta><wp:meta_key>{key}</wp:meta_key>"
        f"<wp:meta_value><![CDATA[{value}]]></wp:meta_value></wp:postmeta>"
    )


def term(domain: str, slug: str, name: str) -> str:
    """A term named on an item."""
    return f'<category domain="{domain}" nicename="{slug}"><![CDATA[{name}]]></category>'


def write(folder: Path, *items: str, head: str = "") -> Path:
    """An export of these items."""
    path = folder / "export.xml"
    path.write_text(HEAD + head + "".join(items) + FOOT, encoding="utf-8")
    return path

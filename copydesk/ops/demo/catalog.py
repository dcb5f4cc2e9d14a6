"""What articles refer to: pictures, files, topics, series, accounts, people; each is a TOML file in `content/`."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.core.files import File
from PIL import Image
from wagtail.users.models import UserProfile
from wagtail.utils.file import hash_filelike

from copydesk.editorial.models import Attachment, Person, Picture, Series, Topic
from copydesk.members.models import Member
from copydesk.sources.actions.adding import add_offline_source, add_source, supply_text
from copydesk.sources.actions.keeping import Copy, keep_reading
from copydesk.sources.backends.sandbox import read_in_sandbox
from copydesk.sources.models import Method

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from copydesk.sources.models import Snapshot, Source

CONTENT = Path(__file__).parent / "content"
# Known to everybody who reads this line: `load_demo` therefore refuses a publication that holds anything else.
PASSWORD = "long-reach-demo"  # noqa: S105


def read_table(name: str) -> dict[str, Any]:
    """Return one of the TOML files."""
    return tomllib.loads((CONTENT / f"{name}.toml").read_text(encoding="utf-8"))


def add_pictures() -> dict[str, Picture]:
    """Create the pictures; return them by name."""
    return {name: _picture(name, fields) for name, fields in read_table("pictures").items()}


def _picture(name: str, fields: Mapping[str, Any]) -> Picture:
    path = CONTENT / "pictures" / f"{name}.webp"
    x, y = fields.get("focus", (None, None))
    size = None if x is None else 200
    with path.open("rb") as opened:
        width, height = Image.open(
            opened
        ).size  # Reads the head alone; left to find it, Wagtail decodes the whole.
        picture: Picture = Picture.objects.create(
            width=width,
            height=height,
            title=fields["title"],
            description=fields["alt"],
            caption=fields.get("caption", ""),
            credit=fields.get("credit", ""),
            focal_point_x=x,
            focal_point_y=y,
            focal_point_width=size,
            focal_point_height=size,
            **_stored(opened),
        )
    return picture


def _stored(opened: BinaryIO) -> dict[str, Any]:
    path = Path(opened.name)
    return {
        "file": File(opened, name=path.name),
        "file_size": path.stat().st_size,
        "file_hash": hash_filelike(opened),
    }


def add_files() -> dict[str, Attachment]:
    """Create the files to download and to hear; return them by name."""
    return {
        name: _file(CONTENT / "files" / fields["file"], fields["title"])
        for name, fields in read_table("files").items()
    }


def _file(path: Path, title: str) -> Attachment:
    with path.open("rb") as opened:
        attachment: Attachment = Attachment.objects.create(title=title, **_stored(opened))
    return attachment


def add_topics() -> dict[str, Topic]:
    """Create the topics; return them by address."""
    return {
        slug: Topic.objects.create(slug=slug, **fields)
        for slug, fields in read_table("topics").items()
    }


def add_series() -> dict[str, Series]:
    """Create the series; return them by address."""
    return {
        slug: Series.objects.create(slug=slug, **fields)
        for slug, fields in read_table("series").items()
    }


def add_members() -> dict[str, Member]:
    """Create the accounts, which sign in with PASSWORD; return them by name."""
    members = {name: _member(fields) for name, fields in read_table("members").items()}
    # Hashing is slow on purpose: once is enough for a password that is no secret.
    Member.objects.filter(pk__in=[member.pk for member in members.values()]).update(
        password=make_password(PASSWORD)
    )
    return members


def _member(fields: Mapping[str, str]) -> Member:
    plain = {name: value for name, value in fields.items() if name != "role"}
    member = Member.objects.create_user(**plain)
    EmailAddress.objects.create(user=member, email=member.email, verified=True, primary=True)
    if "role" in fields:
        member.groups.add(Group.objects.get(name=fields["role"]))
    # Nobody reads mail at these addresses.
    UserProfile.objects.create(
        user=member,
        submitted_notifications=False,
        approved_notifications=False,
        rejected_notifications=False,
    )
    return member


def add_people(pictures: Mapping[str, Picture], members: Mapping[str, Member]) -> dict[str, Person]:
    """Create the people whose names stand on articles; return them by address."""
    return {
        slug: _person(slug, fields, pictures, members)
        for slug, fields in read_table("people").items()
    }


def _person(
    slug: str,
    fields: Mapping[str, Any],
    pictures: Mapping[str, Picture],
    members: Mapping[str, Member],
) -> Person:
    return Person.objects.create(
        slug=slug,
        name=fields["name"],
        position=fields["position"],
        bio="".join(f"<p>{paragraph}</p>" for paragraph in fields["bio"].strip().split("\n\n")),
        email=fields.get("email", ""),
        portrait=pictures[fields["portrait"]],
        links=[
            ("profile", {"label": label, "url": url})
            for label, url in fields.get("links", {}).items()
        ],
        member=members.get(fields.get("account", "")),
    )


def add_sources(*, at: datetime) -> dict[str, Source]:
    """Create what articles quote, with the text of that which has one; return it by name."""
    return {name: _source(name, fields, at) for name, fields in read_table("sources").items()}


def change_sources(sources: Mapping[str, Source], *, at: datetime) -> None:
    """Let each source that says something else by now be looked at again."""
    for name, source in sources.items():
        page = CONTENT / "sources" / f"{name}.later.html"
        if page.exists():
            _keep_page(source, page, previous=source.snapshots.first(), at=at)


def _source(name: str, fields: Mapping[str, Any], at: datetime) -> Source:
    if "url" in fields:
        made_at = at - timedelta(days=fields["days_ago"])
        source, _is_new = add_source(url=fields["url"], by=None, at=made_at)
        page = CONTENT / "sources" / f"{name}.html"
        _keep_page(source, page, previous=None, at=made_at)
        return source
    source = add_offline_source(values=fields, by=None, at=at)
    text = CONTENT / "sources" / f"{name}.txt"
    if text.exists():
        supply_text(source=source, text=text.read_text(encoding="utf-8"), at=at)
    return source


def _keep_page(source: Source, page: Path, *, previous: Snapshot | None, at: datetime) -> None:
    """Keep what a page says, as if it had been fetched; without a WARC, for it was not."""
    content_type, body = "text/html; charset=utf-8", page.read_bytes()
    reading = read_in_sandbox(body, content_type=content_type, url=source.url)
    copy = Copy(
        method=Method.UPLOAD,
        reading=reading,
        body=body,
        final_url=source.url,
        content_type=content_type,
    )
    keep_reading(source=source, copy=copy, previous=previous, at=at)

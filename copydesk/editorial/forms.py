"""What the desk's forms add to Wagtail's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db.models import Q
from django.urls import resolve
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm, WagtailAdminPageForm
from wagtail.images.forms import BaseImageForm

from copydesk.editorial import policies
from copydesk.editorial.logic.pictures import BadPicture, Upload, prepare_upload
from copydesk.editorial.models import Picture, StaticPage
from copydesk.editorial.queries.noting import NOTE_MISSING, needs_note
from copydesk.kit import clock
from copydesk.kit.ids import free_slug, make_slug

if TYPE_CHECKING:
    from django.core.files.base import File
    from wagtail.blocks import StreamValue


# First parts of addresses under which the site itself keeps more.
RESERVED = {
    "account", "api", "corrections", "desk", "feed", "files", "images", "media", "record", "static", "theme",
}  # fmt: skip


class BodyForm(WagtailAdminPageForm):
    """An article or a static page being written."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Taken now: when the form is cleaned, the page already holds what was typed.
        self.imported = _imported_blocks(self.instance.body)
        self.fields["slug"].required = False

    def clean_slug(self) -> str:
        """Return the address, made from the title where none was typed; one that leads elsewhere is refused."""
        slug: str = self.cleaned_data["slug"]
        if not slug and (title := self.cleaned_data.get("title")):
            siblings = self.parent_page.get_children().exclude(pk=self.instance.pk)
            slug = free_slug(
                make_slug(title),
                lambda wanted: siblings.filter(slug=wanted).exists() or self._is_ours(wanted),
            )
        if slug and self._is_ours(slug):
            raise ValidationError(_("The site itself has a page at this address."))
        return slug

    def _is_ours(self, slug: str) -> bool:
        under_front = not isinstance(self.parent_page.specific, StaticPage)
        return under_front and (
            slug in RESERVED or resolve(f"/{slug}/").view_name != "editorial:page"
        )

    def clean_body(self) -> StreamValue:
        """Return the body; imported content may be kept or taken out, and changed by editors, but never added.

        What editors change is sanitized by its block. The editor offers nobody the block to add.
        """
        body: StreamValue = self.cleaned_data["body"]
        for key, html in _imported_blocks(body).items():
            former = self.imported.get(key)
            if former is None:
                raise ValidationError(
                    _("Imported content comes from imports alone: it cannot be added here.")
                )
            if html != former and not policies.may_edit_everything(self.for_user):
                raise ValidationError(_("Imported content can only be changed by editors."))
        return body


class ArticleForm(BodyForm):
    """An article being written."""

    def clean(self) -> dict[str, Any]:
        """Return what was typed; who publishes a change says what it is."""
        cleaned: dict[str, Any] = super().clean()
        if "action-publish" in self.data and self._lacks_note(cleaned):
            self.add_error("change_note", NOTE_MISSING)
        return cleaned

    def _lacks_note(self, typed: dict[str, Any]) -> bool:
        if typed.get("change_note") or typed.get("change_is_minor"):
            return False
        go_live_at = typed.get("go_live_at", self.instance.go_live_at)
        return needs_note(self.instance, go_live_at=go_live_at, at=clock.now())


def _imported_blocks(body: StreamValue) -> dict[str, str]:
    return {str(child.id): str(child.value["html"]) for child in body if child.block_type == "html"}


class PersonForm(WagtailAdminModelForm):
    """A person who may be linked to an account; of accounts only those of the desk are offered, not every reader's."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "member" in self.fields:
            members = self.fields["member"].queryset
            theirs = Q(groups__isnull=False) | Q(pk=self.instance.member_id)
            self.fields["member"].queryset = (
                members.filter(theirs).distinct().order_by("name", "email")
            )


class PictureForm(BaseImageForm):
    """A picture being uploaded. Wagtail's field refuses what is too large, no picture or another kind of it."""

    upload: Upload | None = None

    def clean_file(self) -> File[bytes]:
        """Return the file as it is to be kept: upright, and without the place it was taken at."""
        file: File[bytes] = self.cleaned_data["file"]
        if not isinstance(file, UploadedFile):
            return file
        file.seek(0)
        try:
            self.upload = prepare_upload(file.read())
        except BadPicture as error:
            raise ValidationError(_("This picture cannot be read. It may be damaged.")) from error
        return SimpleUploadedFile(file.name or "", self.upload.data, file.content_type or "")

    def save(self, commit: bool = True) -> Picture:  # noqa: FBT001, FBT002 - Django's signature
        """Fill in what the uploader left empty from what the picture's maker wrote into it."""
        if self.upload:
            said = {
                "description": self.upload.alt,
                "caption": self.upload.caption,
                "credit": self.upload.credit,
            }
            for name, value in said.items():
                limit = self.instance._meta.get_field(name).max_length
                setattr(self.instance, name, getattr(self.instance, name) or value[:limit])
        saved: Picture = super().save(commit)
        return saved

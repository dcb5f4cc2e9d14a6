"""One import from beginning to end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from copydesk.editorial.models import FrontPage
from copydesk.importers.models import ImportedItem, ImportRun, ItemKind, RunState
from copydesk.importers.wordpress.actions.bodies import convert_item
from copydesk.importers.wordpress.actions.claims import Claims
from copydesk.importers.wordpress.actions.redirects import add_redirects
from copydesk.importers.wordpress.actions.session import (
    ITEM_ERRORS,
    NoFrontPage,
    Options,
    Progress,
    Session,
    batches,
    line_about,
)
from copydesk.importers.wordpress.actions.writing import Writer
from copydesk.importers.wordpress.logic.links import OldSite, term_addresses
from copydesk.importers.wordpress.logic.plan import SUPPORTING, plan_item
from copydesk.importers.wordpress.logic.reader import ExportReader
from copydesk.kit import clock

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from wagtail.models import Page

    from copydesk.importers.wordpress.logic.records import Item, Survey


_REDIRECTS: Final = 500


def import_wordpress(
    *, path: Path, options: Options, at: datetime, progress: Progress
) -> dict[str, Any]:
    """Import an export file and return the report. Running it again changes nothing that is done.

    The file is read to its end before anything is written.

    Raises NotWXR or MalformedWXR for a file that cannot be imported, NoFrontPage for a site not set up.
    """
    reader = ExportReader(path, zone=timezone.get_default_timezone())
    progress.begin(_("Checking the file"), 0)
    survey = reader.survey(lambda _consumed: progress.advance())
    session = _open_session(survey, options, at)
    if options.is_dry_run:
        _try_out(session, reader, survey, progress)
        return _full_report(session, survey, path)
    run = ImportRun.objects.create(
        kind="wordpress", source=session.source, file_name=path.name[:300], started_at=at
    )
    _write(session, reader, survey, progress)
    report = _full_report(session, survey, path)
    ImportRun.objects.filter(pk=run.pk).update(
        state=RunState.FINISHED, finished_at=clock.now(), report=report
    )
    return report


def _open_session(survey: Survey, options: Options, at: datetime) -> Session:
    front = FrontPage.objects.first()
    if front is None:
        raise NoFrontPage
    theirs = survey.site.language.replace("_", "-")
    is_ours = theirs.partition("-")[0].lower() == settings.LANGUAGE_CODE.partition("-")[0].lower()
    return Session(
        site=OldSite(survey.site),
        options=options,
        at=at,
        front=front,
        language="" if is_ours else theirs[:20],
    )


def _write(session: Session, reader: ExportReader, survey: Survey, progress: Progress) -> None:
    progress.begin(_("Making room"), survey.item_count)
    Claims(session, progress).walk(reader.records())
    wanted = survey.items.get("post", 0) + survey.items.get("page", 0)
    progress.begin(_("Importing posts and pages"), wanted)
    writer = Writer(session, progress)
    writer.walk(reader.items())
    _redirect_listings(session)


def _redirect_listings(session: Session) -> None:
    """The addresses WordPress gives to categories, tags and authors lead to ours."""
    rows = ImportedItem.objects.filter(
        source=session.source, kind__in=[ItemKind.PERSON, ItemKind.TOPIC]
    ).select_related("person", "topic")
    wanted: list[tuple[str, Page | str]] = []
    for row in rows:
        if row.topic is not None:
            addresses = term_addresses(session.terms, row.external_id)
            wanted += [(address, row.topic.get_absolute_url()) for address in addresses]
        elif row.person is not None:
            wanted.append((f"/author/{row.external_id}", row.person.get_absolute_url()))
    for batch in batches(wanted, _REDIRECTS):
        add_redirects(session.site, batch)


def _try_out(session: Session, reader: ExportReader, survey: Survey, progress: Progress) -> None:
    """Do all that can be done without writing."""
    progress.begin(_("Trying out"), survey.item_count)
    for item in reader.items():
        session.report.comments.update(item.comments)
        if item.post_type not in SUPPORTING:
            _try_item(session, item)
        progress.advance()


def _try_item(session: Session, item: Item) -> None:
    plan = plan_item(item, at=session.at)
    if plan.skipped:
        session.report.skip(line_about(item, "skipped", plan.skipped))
        return
    kind = {"article": "articles", "page": "pages", "media": "media"}[plan.kind]
    if plan.kind == "media":
        session.report.count(kind, "found")
        return
    try:
        draft = convert_item(session, item, ImportedItem())
    except ITEM_ERRORS as error:
        session.report.count(kind, "would fail")
        session.fail(item, error)
        return
    session.report.count(kind, "would be imported")
    session.report.count(f"{kind} by state", plan.state.value)
    for note in draft.converted.notes:
        session.note(item, note.kind.value, note.detail)
    for remark in plan.remarks:
        session.note(item, "state", remark)


def _full_report(session: Session, survey: Survey, path: Path) -> dict[str, Any]:
    return {
        "file": str(path),
        "source": session.source,
        "wxr_version": survey.site.wxr_version,
        "dry_run": session.options.is_dry_run,
        "found": dict(survey.items),
        "mended": dict(survey.mended),
        **session.report.as_json(),
    }

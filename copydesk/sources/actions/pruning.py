"""What is archived and nothing refers to any more is deleted."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db.models import Q

from copydesk.sources.models import Snapshot, Source
from copydesk.sources.queries.texts import archive

logger = logging.getLogger("copydesk.sources")

# Far longer than between a blob and the row that names it, and time to notice that the wrong database was restored.
KEPT = timedelta(days=30)
NAMING = ("layers_sha256", "warc_sha256", "payload_sha256")


def prune_archive() -> int:
    """Delete blobs that no copy and no waiting file names and that were put more than `KEPT` ago; return how many.

    A database that knows no copy at all is taken to be another archive's, and nothing is deleted. How old a blob is,
    the file system's clock says, so none is passed in. Where files cannot be deleted, the log says why.
    """
    referred: set[str] = set()
    for names in Snapshot.objects.order_by().values_list(*NAMING).iterator():
        referred.update(names)
    if not referred:
        return 0
    waiting = Source.objects.filter(~Q(supplied_sha256=""))
    referred.update(waiting.values_list("supplied_sha256", flat=True))
    try:
        count = archive().prune(referred=referred, older_than_s=KEPT.total_seconds())
    except OSError as error:
        logger.warning("The archive of sources is not tidied: %s", error)
        return 0
    if count:
        logger.info("Deleted %d archived files that nothing refers to", count)
    return count

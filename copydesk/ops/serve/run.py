"""What `copydesk serve` does, from the first check to the last child's end. Call it with Django set up."""

from __future__ import annotations

import gc
import logging
from functools import partial
from typing import TYPE_CHECKING

from django.db import connections

from copydesk.ops.serve import checks
from copydesk.ops.serve.background import run_background
from copydesk.ops.serve.early import check_port
from copydesk.ops.serve.supervisor import Child, Supervisor
from copydesk.ops.serve.web import load_application, run_web

if TYPE_CHECKING:
    from collections.abc import Callable

    from copydesk.ops.serve.web import Web

logger = logging.getLogger("copydesk.serve")


def serve(web: Web, *, prepare: Callable[[], None], announce: Callable[[], None]) -> int:
    """Run the whole system until it is told to stop, and return the exit status.

    `prepare` brings database and static files to this version; `announce` is called when all is about to start.
    Raises CannotStart when something stands in the way.
    """
    check_port(web.host, web.port)
    checks.check_site()
    with checks.only_one():
        prepare()
        announce()
        logger.info("Serving %s", web.address)
        _settle()
        children = [
            Child("The web server", partial(run_web, web)),
            Child("The background worker", run_background),
        ]
        return Supervisor(children).run()


def _settle() -> None:
    """Load all that children share, and leave nothing open that they must not."""
    load_application()
    connections.close_all()
    gc.collect()
    # The collector would touch every object, and so copy every page that the children share.
    gc.freeze()

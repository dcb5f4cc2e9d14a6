"""The application that web servers run."""

from __future__ import annotations

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "copydesk.config.settings")

_django = get_wsgi_application()

from copydesk.pagestore.middleware import Front  # noqa: E402 - it needs the settings that Django has read by now

# Who works on the templates wants to see them as they are now.
application = _django if settings.DEBUG else Front(_django)

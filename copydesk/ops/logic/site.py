"""The text of a new site's `copydesk.toml`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

TEMPLATE = """\
# The settings of this Copydesk site. An environment variable goes before the line here:
# COPYDESK_BASE_URL before base_url, and so on. Restart `copydesk serve` after a change.

# Signs sessions and links. Keep it to yourself; whoever has it can sign in as anybody.
secret_key = {secret_key}

# The site's public address, without a path. With https:// here, cookies travel over TLS alone.
base_url = {base_url}

# The language of the interface ("en", "ar"), and the time zone dates are shown in.
language = {language}
time_zone = {time_zone}

# Where mail goes. Without it, mail is written to the log.
# email_url = "smtp+starttls://user:password@mail.example.org:587"
# email_from = "The Gazette <desk@example.org>"

# Behind a proxy of your own that ends TLS (Caddy, nginx):
# trust_proxy = true

# PostgreSQL instead of the built-in SQLite:
# database_url = "postgres://user:password@localhost:5432/copydesk"
"""


def make_toml(values: Mapping[str, str]) -> str:
    """Return the settings file of a new site, which gives `secret_key`, `base_url`, `language` and `time_zone`."""
    # A JSON string is a TOML string too.
    return TEMPLATE.format(**{name: json.dumps(value) for name, value in values.items()})

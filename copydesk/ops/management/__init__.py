"""Django commands that people reach by `copydesk`, without the options every Django command has."""

from __future__ import annotations

OWN_OPTIONS = {
    "--version",
    "--verbosity",
    "--settings",
    "--pythonpath",
    "--traceback",
    "--no-color",
    "--force-color",
}

"""What the commands take that Django's machinery does not read. Loads no Django."""

from __future__ import annotations

import argparse

DEMO_FOLDER = "var/demo"


def add_dir(
    parser: argparse.ArgumentParser,
    default: object,
    shown: str = "COPYDESK_DIR, or the current folder",
) -> None:
    """Take the site's folder; `shown` says which it is when none is given."""
    parser.add_argument(
        "--dir", metavar="DIR", default=default, help=f"the site's folder (default: {shown})"
    )


def init_options(parser: argparse.ArgumentParser) -> None:
    """Take where the site goes, and what its settings say."""
    parser.add_argument("folder", metavar="DIR", help="the folder to make: new, or empty")
    parser.add_argument(
        "--base-url",
        default="http://localhost:8000",
        help="the site's public address (%(default)s)",
    )
    parser.add_argument(
        "--language", default="en", help="the language of the interface (%(default)s)"
    )
    parser.add_argument(
        "--time-zone", default="UTC", help="the publication's time zone (%(default)s)"
    )


def serve_options(parser: argparse.ArgumentParser) -> None:
    """Take which site to serve, and where."""
    add_dir(parser, default=argparse.SUPPRESS)
    _web_options(parser)


def _web_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--host", default="127.0.0.1", help="the address to listen on (%(default)s)"
    )
    parser.add_argument(
        "--port", type=_port, default=8000, help="the port to listen on (%(default)s)"
    )
    parser.add_argument(
        "--workers", type=int, help="web worker processes (default: COPYDESK_WEB_WORKERS)"
    )
    parser.add_argument("--access-log", action="store_true", help="log each request")


def _port(value: str) -> int:
    number = int(value) if value.isdigit() else 0
    if not 0 < number < 65_536:
        raise argparse.ArgumentTypeError("give a number from 1 to 65535")
    return number


def migrate_options(parser: argparse.ArgumentParser) -> None:
    """Take which site to migrate, and how."""
    add_dir(parser, default=argparse.SUPPRESS)
    parser.add_argument(
        "--no-copy", action="store_true", help="do not copy the SQLite database first"
    )


def demo_options(parser: argparse.ArgumentParser) -> None:
    """Take what `serve` takes; the demo has a folder of its own."""
    add_dir(parser, default=DEMO_FOLDER, shown="%(default)s")
    _web_options(parser)


def quote_options(parser: argparse.ArgumentParser) -> None:
    """Take a source and a quotation, or a batch of both."""
    parser.add_argument(
        "--source",
        metavar="FILE|URL",
        help="a page (.html), text or PDF, or the address of one; in a batch, of the lines that name none",
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--quote", metavar="TEXT", help="the words; - reads them from standard input")
    what.add_argument(
        "--batch",
        metavar="FILE.jsonl",
        help='lines of {"id": …, "source": …, "quote": …}; - reads them from standard input; '
        "answers are lines of JSON in the same order",
    )
    parser.add_argument("--json", action="store_true", help="print JSON, for programs")
    parser.add_argument(
        "--language", default="", metavar="CODE", help="the language of the words, such as de"
    )
    parser.add_argument(
        "--allow-network",
        action="append",
        default=[],
        metavar="NETWORK",
        help="a private network that may be asked too, such as 127.0.0.0/8",
    )

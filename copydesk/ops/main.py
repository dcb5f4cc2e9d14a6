"""The `copydesk` command: finds the site, reads its settings, and hands over to what does the work.

Django takes a second to load, so nothing here loads it before a command needs it.
"""

from __future__ import annotations

import argparse
import os
import secrets
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from copydesk.config import env as environment
from copydesk.ops.logic.terminal import say, tell
from copydesk.ops.logic.trouble import CannotStart

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from copydesk.config.env import Env

CANNOT_START = 2
INTERRUPTED = 130
DEMO_FOLDER = "var/demo"


@dataclass(frozen=True)
class Command:
    """One word after `copydesk`."""

    name: str
    summary: str
    run: Callable[[Arguments], int]
    add_options: Callable[[argparse.ArgumentParser], None] | None = None
    # Whether what follows is read by a Django command of the same name.
    is_passed_on: bool = False


@dataclass(frozen=True)
class Arguments:
    """What was given on the command line."""

    folder: str | None
    options: argparse.Namespace
    rest: Sequence[str]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return the exit status: 2 when it could not start, with one line that says why."""
    top = _top_parser().parse_args(argv)
    command = COMMANDS_BY_NAME[top.command]
    try:
        return command.run(_arguments(command, top))
    except (environment.BadSetting, CannotStart) as trouble:
        tell(f"copydesk: {trouble}")
        return CANNOT_START
    except KeyboardInterrupt:
        return INTERRUPTED


def make_parser(command: Command) -> argparse.ArgumentParser:
    """Return the parser of one command's own options."""
    parser = argparse.ArgumentParser(prog=f"copydesk {command.name}", description=command.summary)
    if command.add_options:
        command.add_options(parser)
    return parser


def _top_parser() -> argparse.ArgumentParser:
    lines = "\n".join(f"  {command.name:<12} {command.summary}" for command in COMMANDS)
    parser = argparse.ArgumentParser(
        prog="copydesk",
        description="A publishing platform for independent publications.",
        epilog=f"commands:\n{lines}\n\n`copydesk COMMAND --help` tells more.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_dir(parser, default=None)
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and leave")
    parser.add_argument("command", metavar="COMMAND", choices=list(COMMANDS_BY_NAME))
    parser.add_argument("rest", metavar="…", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    return parser


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_more: object) -> None:
        from importlib.metadata import version  # noqa: PLC0415 - slow to load, seldom asked for

        say(f"copydesk {version('copydesk')}")
        parser.exit()


def _add_dir(parser: argparse.ArgumentParser, default: object) -> None:
    parser.add_argument(
        "--dir",
        metavar="DIR",
        default=default,
        help="the site's folder (default: COPYDESK_DIR, or the current folder)",
    )


def _arguments(command: Command, top: argparse.Namespace) -> Arguments:
    if command.is_passed_on:
        return Arguments(folder=top.dir, options=argparse.Namespace(), rest=top.rest)
    options = make_parser(command).parse_args(top.rest)
    return Arguments(folder=getattr(options, "dir", None) or top.dir, options=options, rest=())


# What stands before every command that works on a site.


def _open_site(given: str | None) -> Env:
    """Find the site's folder, read its settings and see that its data can be written."""
    from copydesk.ops.serve.early import check_data_folder  # noqa: PLC0415 - slow to load

    folder = _find_folder(given)
    os.environ[environment.PREFIX + "DIR"] = str(folder)
    env = environment.load(folder=folder)
    check_data_folder(folder / env.data_dir)
    return env


def _find_folder(given: str | None) -> Path:
    named = given or os.environ.get(environment.PREFIX + "DIR")
    folder = Path(named or ".").resolve()
    # A folder named by the variable may do with variables alone, as containers like it.
    if (folder / environment.CONFIG_NAME).exists() or (folder.is_dir() and named and not given):
        return folder
    where = folder if named else "the current folder"
    raise CannotStart(
        f"There is no {environment.CONFIG_NAME} in {where}. "
        "Make a site with `copydesk init DIR`, or name its folder with --dir."
    )


def _load_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "copydesk.config.settings")
    import django  # noqa: PLC0415 - a second

    django.setup()


def _run_django_command(argv: Sequence[str]) -> int:
    from django.core.management import ManagementUtility  # noqa: PLC0415

    ManagementUtility(["copydesk", *argv]).execute()
    return 0


# The commands.


def _init_options(parser: argparse.ArgumentParser) -> None:
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


def _init(arguments: Arguments) -> int:
    options = arguments.options
    folder = Path(options.folder).resolve()
    if not _make_site(folder, options.base_url, options.language, options.time_zone):
        say(f"{folder} is a Copydesk site already; nothing was changed.")
        return 0
    say(f"Made the site in {folder}. Its settings: {folder / environment.CONFIG_NAME}")
    say(f"Next: copydesk --dir {options.folder} createowner you@example.org")
    say(f"Then: copydesk --dir {options.folder} serve")
    return 0


def _make_site(folder: Path, base_url: str, language: str, time_zone: str) -> bool:
    from copydesk.ops.actions.folder import make_folder  # noqa: PLC0415 - slow to load

    values = {
        "secret_key": secrets.token_urlsafe(48),
        "base_url": base_url,
        "language": language,
        "time_zone": time_zone,
    }
    # Bad values are refused before anything is made.
    as_variables = {environment.PREFIX + name.upper(): value for name, value in values.items()}
    environment.load(as_variables, folder=Path(os.devnull))
    if not make_folder(folder, config_name=environment.CONFIG_NAME, values=values):
        return False
    _open_site(str(folder))
    _load_django()
    _upgrade()
    return True


def _upgrade() -> None:
    from copydesk.ops.serve import checks, progress  # noqa: PLC0415

    checks.check_site()
    progress.upgrade_with_progress()


def _serve_options(parser: argparse.ArgumentParser) -> None:
    _add_dir(parser, default=argparse.SUPPRESS)
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


def _serve(arguments: Arguments) -> int:
    env = _open_site(arguments.folder)
    _check_port(arguments.options)
    _load_django()
    return _serve_site(env, arguments.options, announce=lambda: None)


def _check_port(options: argparse.Namespace) -> None:
    """Say at once what would be found out only after the longer part of the start."""
    from copydesk.ops.serve.early import check_port  # noqa: PLC0415 - slow to load

    check_port(options.host, options.port)


def _serve_site(env: Env, options: argparse.Namespace, announce: Callable[[], None]) -> int:
    from copydesk.ops.serve.progress import upgrade_with_progress  # noqa: PLC0415
    from copydesk.ops.serve.run import serve  # noqa: PLC0415
    from copydesk.ops.serve.web import Web  # noqa: PLC0415

    web = Web(
        host=options.host,
        port=options.port,
        workers=options.workers or env.web_workers,
        threads=env.web_threads,
        access_log=options.access_log,
    )
    return serve(web, prepare=upgrade_with_progress, announce=announce)


def _migrate_options(parser: argparse.ArgumentParser) -> None:
    _add_dir(parser, default=argparse.SUPPRESS)
    parser.add_argument(
        "--no-copy", action="store_true", help="do not copy the SQLite database first"
    )


def _migrate(arguments: Arguments) -> int:
    _open_site(arguments.folder)
    _load_django()
    from copydesk.ops.serve import checks, progress  # noqa: PLC0415 - only with Django loaded

    checks.check_site()
    with checks.only_one():
        progress.upgrade_with_progress(copy=not arguments.options.no_copy)
    say("The site is up to date.")
    return 0


def _demo_options(parser: argparse.ArgumentParser) -> None:
    _serve_options(parser)
    parser.set_defaults(dir=DEMO_FOLDER)


def _demo(arguments: Arguments) -> int:
    options = arguments.options
    folder, address = Path(options.dir).resolve(), _own_address(options)
    _check_port(options)
    _make_site(folder, address, "en", "UTC")
    # The links it prints lead to where it is served this time.
    os.environ.setdefault(environment.PREFIX + "BASE_URL", address)
    env = _open_site(str(folder))
    _load_django()
    from copydesk.ops.serve import demo  # noqa: PLC0415

    demo.load_once()
    return _serve_site(env, options, announce=lambda: demo.announce(address))


def _own_address(options: argparse.Namespace) -> str:
    """Return where this machine's browser finds the site; `localhost`, since passkeys want a name."""
    host = "localhost" if options.host in {"127.0.0.1", "::1", "0.0.0.0", "::"} else options.host  # noqa: S104 - compared, not listened on
    return f"http://{host}:{options.port}"


def _manage(arguments: Arguments) -> int:
    _open_site(arguments.folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "copydesk.config.settings")
    return _run_django_command(arguments.rest)


def _pass_on(name: str, arguments: Arguments) -> int:
    """Run a Django command on a site that is in order."""
    _open_site(arguments.folder)
    _load_django()
    if not {"-h", "--help"} & set(arguments.rest):
        _check_migrated_site()
    return _run_django_command([name, *arguments.rest])


def _check_migrated_site() -> None:
    from copydesk.ops.serve import checks  # noqa: PLC0415

    checks.check_site()
    checks.check_migrated()


def _doctor(arguments: Arguments) -> int:
    from copydesk.ops.logic.findings import Finding, make_json, make_lines  # noqa: PLC0415

    try:
        _open_site(arguments.folder)
    except (environment.BadSetting, CannotStart) as trouble:
        found = [Finding("settings", is_well=False, detail=str(trouble))]
        say((make_json if "--json" in arguments.rest else make_lines)(found))
        return 1
    _load_django()
    return _run_django_command(["doctor", *arguments.rest])


COMMANDS = (
    Command("init", "Make a new site in a folder.", _init, _init_options),
    Command("serve", "Run the site: web server, tasks and schedule.", _serve, _serve_options),
    Command("demo", "Run a demo publication, made on the first run.", _demo, _demo_options),
    Command(
        "createowner",
        "Make somebody an owner, and print a link that signs them in once.",
        partial(_pass_on, "createowner"),
        is_passed_on=True,
    ),
    Command(
        "doctor", "Check what the site relies on, and name a way out.", _doctor, is_passed_on=True
    ),
    Command(
        "import",
        "Move an archive in from elsewhere.",
        partial(_pass_on, "import"),
        is_passed_on=True,
    ),
    Command("stats", "Count what the site holds.", partial(_pass_on, "stats"), is_passed_on=True),
    Command(
        "pages",
        "Look at the store of ready pages, or have pages made anew.",
        partial(_pass_on, "pages"),
        is_passed_on=True,
    ),
    Command("migrate", "Bring the database to this version.", _migrate, _migrate_options),
    Command(
        "manage", "Run any Django command; `manage help` lists them.", _manage, is_passed_on=True
    ),
)
COMMANDS_BY_NAME = {command.name: command for command in COMMANDS}

if __name__ == "__main__":
    sys.exit(main())

"""The `copydesk` command: finds the site, reads its settings, and hands over to what does the work.

Django takes a second to load, so nothing here loads it before a command needs it.
"""

from __future__ import annotations

import argparse
import gc
import os
import secrets
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from copydesk.config import env as environment
from copydesk.ops.logic.terminal import say, tell
from copydesk.ops.logic.trouble import CannotStart
from copydesk.ops.management.options import (
    add_dir,
    demo_options,
    init_options,
    migrate_options,
    quote_options,
    serve_options,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from copydesk.config.env import Env

CANNOT_START = 2
INTERRUPTED = 130
OVER = 141  # As shells have it: ended by a pipe that nobody reads.
STATUSES = "Exit status: 0, done; 1, done in part, or something is amiss; 2, not begun, and why."


@dataclass(frozen=True)
class Command:
    """One word after `copydesk`."""

    name: str
    summary: str
    run: Callable[[Arguments], int]
    add_options: Callable[[argparse.ArgumentParser], None] | None = None
    details: str = ""
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
    given = sys.argv[1:] if argv is None else argv
    if not given:
        tell(_top_parser().format_help())
        return CANNOT_START
    top = _top_parser().parse_args(given)
    command = COMMANDS_BY_NAME[top.command]
    try:
        return command.run(_arguments(command, top))
    except (environment.BadSetting, CannotStart) as trouble:
        tell(f"copydesk: {trouble}")
        return CANNOT_START
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our answers has had enough of them; nor is there anybody to flush the rest to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OVER


def make_parser(command: Command) -> argparse.ArgumentParser:
    """Return the parser of one command's own options."""
    parser = argparse.ArgumentParser(
        prog=f"copydesk {command.name}", description=f"{command.summary} {command.details}"
    )
    if command.add_options:
        command.add_options(parser)
    return parser


def _top_parser() -> argparse.ArgumentParser:
    lines = "\n".join(f"  {command.name:<12} {command.summary}" for command in COMMANDS)
    parser = argparse.ArgumentParser(
        prog="copydesk",
        description="A publishing platform for independent publications.",
        epilog=f"commands:\n{lines}\n\n`copydesk COMMAND --help` tells more.\n\n{STATUSES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_dir(parser, default=None)
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and leave")
    parser.add_argument("command", metavar="COMMAND", choices=list(COMMANDS_BY_NAME))
    parser.add_argument("rest", metavar="…", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    return parser


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_more: object) -> None:
        from importlib.metadata import version  # noqa: PLC0415 - slow to load, seldom asked for

        say(f"copydesk {version('copydesk')}")
        parser.exit()


def _arguments(command: Command, top: argparse.Namespace) -> Arguments:
    if command.name == "manage":  # What follows is another command's whole affair.
        return Arguments(folder=top.dir, options=argparse.Namespace(), rest=top.rest)
    if command.is_passed_on:
        parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
        add_dir(parser, default=top.dir)
        options, rest = parser.parse_known_args(top.rest)
        return Arguments(folder=options.dir, options=options, rest=rest)
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

    # What is loaded stays: to look through it for garbage again and again takes a tenth of the start.
    gc.disable()
    django.setup()
    gc.freeze()
    gc.enable()


def _run_django_command(argv: Sequence[str], program: str = "copydesk") -> int:
    from django.core.management import ManagementUtility  # noqa: PLC0415

    ManagementUtility([program, *argv]).execute()
    return 0


# The commands.


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


def _migrate(arguments: Arguments) -> int:
    _open_site(arguments.folder)
    _load_django()
    from copydesk.ops.serve import checks, progress  # noqa: PLC0415 - only with Django loaded

    checks.check_site()
    with checks.only_one():
        progress.upgrade_with_progress(copy=not arguments.options.no_copy)
    say("The site is up to date.")
    return 0


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
    if not set(arguments.rest[:1]) - {"help", "-h", "--help"}:
        return _show_help("help", *arguments.rest[1:], program="copydesk manage")
    _open_site(arguments.folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "copydesk.config.settings")
    return _run_django_command(arguments.rest, program="copydesk manage")


def _pass_on(name: str, arguments: Arguments) -> int:
    """Run a Django command on a site that is in order; its help needs no site."""
    if _asks_for_help(arguments):
        return _show_help(name, "--help")
    _open_site(arguments.folder)
    _load_django()
    _check_migrated_site()
    return _run_django_command([name, *arguments.rest])


def _asks_for_help(arguments: Arguments) -> bool:
    return bool({"-h", "--help"} & set(arguments.rest))


def _show_help(*argv: str, program: str = "copydesk") -> int:
    with TemporaryDirectory(prefix="copydesk-") as nowhere:
        os.environ[environment.PREFIX + "DIR"] = nowhere
        _load_django()
        return _run_django_command(argv, program)


def _check_migrated_site() -> None:
    from copydesk.ops.serve import checks  # noqa: PLC0415

    checks.check_site()
    checks.check_migrated()


def _quote_check(arguments: Arguments) -> int:
    from copydesk.sources.management.quote_check import run  # noqa: PLC0415 - slow to load

    return run(arguments.options, say=say, tell=tell)


def _doctor(arguments: Arguments) -> int:
    from copydesk.ops.logic.findings import Finding, make_json, make_lines  # noqa: PLC0415

    if _asks_for_help(arguments):
        return _show_help("doctor", "--help")
    try:
        _open_site(arguments.folder)
    except (environment.BadSetting, CannotStart) as trouble:
        found = [Finding("settings", is_well=False, detail=str(trouble))]
        say((make_json if "--json" in arguments.rest else make_lines)(found))
        return 1
    _load_django()
    return _run_django_command(["doctor", *arguments.rest])


def _django_command(name: str, summary: str) -> Command:
    run = partial(_pass_on, name.replace("-", "_"))
    return Command(name, summary, run, is_passed_on=True)


COMMANDS = (
    Command(
        "init",
        "Make a new site in a folder.",
        _init,
        init_options,
        details="It gets its settings, with a secret key of its own, and an empty database.",
    ),
    Command(
        "serve",
        "Run the site: web server, tasks and schedule.",
        _serve,
        serve_options,
        details="An older database is brought to this version first. Control-C or SIGTERM finishes what runs; "
        "a second one stops at once. /healthz and /readyz tell how it is.",
    ),
    Command(
        "demo",
        "Run a demo publication, made on the first run.",
        _demo,
        demo_options,
        details="Later runs keep what you changed. Not for the internet: everybody knows its passwords.",
    ),
    _django_command(
        "createowner", "Make somebody an owner, and print a link that signs them in once."
    ),
    Command(
        "doctor", "Check what the site relies on, and name a way out.", _doctor, is_passed_on=True
    ),
    _django_command("import", "Move an archive in from elsewhere."),
    Command(
        "quote-check",
        "Compare quotations with their source; needs no site.",
        _quote_check,
        quote_options,
    ),
    _django_command("check-sources", "Look at sources now, and check what articles quote."),
    _django_command("verify-record", "Verify the public record, this site's or another's."),
    _django_command("stats", "Count what the site holds."),
    _django_command("pages", "Look at the store of ready pages, or have pages made anew."),
    Command(
        "migrate",
        "Bring the database to this version.",
        _migrate,
        migrate_options,
        details="`serve` does so too when it starts; this does it without serving.",
    ),
    Command(
        "manage", "Run any Django command; `manage help` lists them.", _manage, is_passed_on=True
    ),
)
COMMANDS_BY_NAME = {command.name: command for command in COMMANDS}

if __name__ == "__main__":
    sys.exit(main())

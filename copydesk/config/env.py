"""Configuration: environment variables `COPYDESK_*` over `copydesk.toml`, read once into one frozen value."""

from __future__ import annotations

import base64
import os
import re
import tomllib
from dataclasses import Field, dataclass, field, fields
from ipaddress import ip_network
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit
from zoneinfo import available_timezones

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PREFIX = "COPYDESK_"
CONFIG_NAME = "copydesk.toml"
# Never shown, whatever is wrong with them.
SECRETS = {"secret_key", "purge_token", "metrics_token", "record_key"}


class BadSetting(Exception):
    """A setting is unknown or its value cannot be used; the message names it and the way out."""


def _text(value: str) -> str:
    return value


def _flag(value: str) -> bool:
    known = {
        "1": True,
        "true": True,
        "yes": True,
        "on": True,
        "0": False,
        "false": False,
        "no": False,
        "off": False,
    }
    try:
        return known[value.strip().lower()]
    except KeyError:
        raise ValueError("say true or false") from None


def _purge_url(value: str) -> str:
    parts = urlsplit(value if _is_url(value) else "")
    is_known = parts.scheme in {"varnish", "fastly", "cloudflare"} and parts.netloc
    if value and (not is_known or "@" in parts.netloc or parts.path.strip("/") or parts.query):
        raise ValueError("give varnish://host:port, fastly://service-id or cloudflare://zone-id")
    return value


def _count(value: str) -> int:
    number = int(value) if value.strip().isdecimal() else 0
    if number < 1:
        raise ValueError("give a whole number from 1")
    return number


def _token(value: str) -> str:
    # It travels in a header.
    if not re.fullmatch(r"[!-~]*", value):
        raise ValueError("give letters, digits and signs of ASCII, with no blank between")
    return value


def _signing_key(value: str) -> str:
    if value and len(base64.b64decode(value, validate=True)) != 32:
        raise ValueError("give 32 random bytes in base64, such as `openssl rand -base64 32` prints")
    return value


def _names(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _is_url(value: str) -> bool:
    try:
        _port = urlsplit(value).port
    except ValueError:  # A port that is no number, a bracket that never closes.
        return False
    return True


def _base_url(value: str) -> str:
    parts = urlsplit(value if _is_url(value) else "")
    if (
        parts.scheme not in {"http", "https"}
        or not parts.hostname
        or parts.query
        or parts.path.strip("/")
    ):
        raise ValueError("give an address such as https://example.org, with no path")
    return f"{parts.scheme}://{parts.netloc}"


def _database_url(value: str) -> str:
    if value and not (re.match(r"(postgres|postgresql|sqlite)://", value) and _is_url(value)):
        raise ValueError(
            "give postgres://user:password@host:port/name, or leave it empty for SQLite"
        )
    return value


def _mail_url(value: str) -> str:
    if value and not (
        re.match(r"(smtp|smtps|smtp\+starttls|console)://", value) and _is_url(value)
    ):
        raise ValueError(
            "give smtp://user:password@host:port, smtps://… or smtp+starttls://…, or console://"
        )
    return value


def _networks(value: str) -> tuple[str, ...]:
    try:
        return tuple(str(ip_network(name)) for name in _names(value))
    except ValueError:
        raise ValueError("give networks such as 10.1.0.0/16, separated by commas") from None


def _language(value: str) -> str:
    if not re.fullmatch(r"[a-z]{2,3}(-[a-zA-Z0-9]{2,8})*", value):
        raise ValueError("give a language code such as en or ar")
    return value


def _time_zone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError("give a time zone such as Europe/Berlin")
    return value


def _setting(meaning: str, parse: Callable[[str], Any], default: Any = "") -> Any:
    return field(default=default, metadata={"meaning": meaning, "parse": parse})


@dataclass(frozen=True)
class Env:
    """Every setting of a Copydesk site; each field's `meaning` is its line in docs/reference/settings.md."""

    secret_key: str = _setting(
        "Signs sessions and links. At least 32 characters, kept secret. `copydesk init` makes one.",
        _text,
    )
    base_url: str = _setting(
        "The site's public address, such as https://example.org.",
        _base_url,
        "http://localhost:8000",
    )
    allowed_hosts: tuple[str, ...] = _setting(
        "Further host names the site answers to, separated by commas.", _names, ()
    )
    data_dir: str = _setting(
        "The folder of everything that must be kept: database, media. Relative to copydesk.toml.",
        _text,
        "data",
    )
    database_url: str = _setting(
        "postgres://… switches from the built-in SQLite to PostgreSQL.", _database_url
    )
    email_url: str = _setting(
        "Where mail goes: smtp://…, smtps://…, smtp+starttls://…; empty writes mail to the log.",
        _mail_url,
    )
    email_from: str = _setting("The sender of the site's mail.", _text, "Copydesk <desk@localhost>")
    language: str = _setting(
        "The language of the interface and of articles that name no other.", _language, "en"
    )
    time_zone: str = _setting(
        "The publication's time zone; dates are shown in it.", _time_zone, "UTC"
    )
    web_workers: int = _setting("Web worker processes of `copydesk serve`.", _count, 1)
    web_threads: int = _setting(
        "Threads in each web worker: how many requests it answers at once.", _count, 4
    )
    page_store_mb: int = _setting(
        "How many megabytes of ready pages to keep on each node.", _count, 256
    )
    purge_url: str = _setting(
        "The content delivery network to tell what has changed: varnish://host:port, fastly://service-id or "
        "cloudflare://zone-id; empty for none.",
        _purge_url,
    )
    purge_token: str = _setting(
        "The key by which that network knows us. Fastly and Cloudflare need one.", _token
    )
    source_networks: tuple[str, ...] = _setting(
        "Private networks that sources may be fetched from, such as 10.1.0.0/16, separated by commas. Empty: only "
        "the public Internet, on ports 80 and 443.",
        _networks,
        (),
    )
    metrics_token: str = _setting(
        "Lets a monitor read /metrics by `Authorization: Bearer …`. Empty: owners alone read it.",
        _token,
    )
    record_key: str = _setting(
        "Signs the heads of the record: 32 random bytes in base64. Empty: the file `record.key` in the data folder, "
        "which is made when it is needed. Set it where several machines serve the site.",
        _signing_key,
    )
    trust_proxy: bool = _setting(
        "Believe X-Forwarded-Proto and X-Forwarded-For. Only behind your own proxy.",
        _flag,
        default=False,
    )
    debug: bool = _setting(
        "Show error details in the browser. For development only.", _flag, default=False
    )

    @property
    def is_secure(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def host(self) -> str:
        return urlsplit(self.base_url).hostname or "localhost"


def variable_name(setting: Field[Any]) -> str:
    """The environment variable of a field of `Env`."""
    return PREFIX + setting.name.upper()


def site_dir() -> Path:
    """The folder of `copydesk.toml`: `COPYDESK_DIR`, or the current folder."""
    return Path(os.environ.get(PREFIX + "DIR") or ".").resolve()


def load(environ: Mapping[str, str] | None = None, folder: Path | None = None) -> Env:
    """Return the settings of the site in `folder`.

    A variable `COPYDESK_X_FILE` names a file that holds the value of `COPYDESK_X`.

    Raises BadSetting for an unknown name, a bad value, or a file that cannot be read.
    """
    environ = os.environ if environ is None else environ
    folder = site_dir() if folder is None else folder
    given = {**_from_file(folder / CONFIG_NAME), **_from_environ(environ)}
    env = Env(**{name: _parsed(name, raw, where) for name, (raw, where) in given.items()})
    _check_together(env)
    return env


def _from_file(path: Path) -> dict[str, tuple[str, str]]:
    if not path.exists():
        return {}
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSetting(f"{path}: this is not valid TOML: {error}") from error
    except OSError as error:
        raise BadSetting(f"{path}: cannot be read: {error.strerror}") from error
    known = {setting.name for setting in fields(Env)}
    for name in table:
        if name not in known:
            raise BadSetting(
                f"{path}: there is no setting {name!r}. Known: {', '.join(sorted(known))}."
            )
    return {name: (_toml_text(value), f"{path}: {name}") for name, value in table.items()}


def _toml_text(value: object) -> str:
    if isinstance(value, list):
        return ",".join(str(part) for part in value)
    return str(value)


def _from_environ(environ: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    known = {variable_name(setting): setting.name for setting in fields(Env)}
    found = {}
    for variable, value in environ.items():
        if not variable.startswith(PREFIX) or variable == PREFIX + "DIR":
            continue
        if variable in known:
            found[known[variable]] = (value, variable)
        elif variable.endswith("_FILE") and (plain := variable.removesuffix("_FILE")) in known:
            if plain in environ:
                raise BadSetting(f"{variable}: {plain} is set too. Give one of the two.")
            found[known[plain]] = (_secret_file(variable, value), variable)
        else:
            raise BadSetting(
                f"{variable}: there is no such setting. Known: {', '.join(sorted(known))}."
            )
    return found


def _secret_file(variable: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise BadSetting(f"{variable}: {path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BadSetting(f"{variable}: {path} is not a text file") from error


def _parsed(name: str, raw: str, where: str) -> Any:
    setting = next(candidate for candidate in fields(Env) if candidate.name == name)
    parse = cast("Callable[[str], Any]", setting.metadata["parse"])
    try:
        return parse(raw)
    except ValueError as error:
        shown = "the value given" if name in SECRETS or "://" in raw else repr(raw)
        raise BadSetting(f"{where}: {shown} cannot be used: {error}.") from None


def _check_together(env: Env) -> None:
    if env.is_secure and len(env.secret_key) < 32:
        raise BadSetting(
            f"{PREFIX}SECRET_KEY: give at least 32 random characters. `copydesk init` makes one."
        )
    if env.purge_url.startswith(("fastly:", "cloudflare:")) and not env.purge_token:
        raise BadSetting(f"{PREFIX}PURGE_TOKEN: {PREFIX}PURGE_URL names a network that needs one.")

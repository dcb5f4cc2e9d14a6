from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import pytest

from copydesk.config.env import BadSetting, Env, load, variable_name

if TYPE_CHECKING:
    from pathlib import Path

KEY = "k" * 32


def write_toml(folder: Path, text: str) -> None:
    (folder / "copydesk.toml").write_text(text, encoding="utf-8")


def test_a_site_runs_without_any_setting(tmp_path: Path) -> None:
    env = load({}, tmp_path)
    assert (env.base_url, env.data_dir, env.web_workers, env.debug) == (
        "http://localhost:8000",
        "data",
        1,
        False,
    )


def test_every_setting_has_a_meaning_and_a_variable() -> None:
    for setting in fields(Env):
        assert setting.metadata["meaning"].endswith(".")
        assert variable_name(setting) == f"COPYDESK_{setting.name.upper()}"


def test_the_file_is_read(tmp_path: Path) -> None:
    write_toml(
        tmp_path,
        'language = "ar"\nweb_threads = 8\ntrust_proxy = true\nallowed_hosts = ["a.org", "b.org"]\n',
    )
    env = load({}, tmp_path)
    assert (env.language, env.web_threads, env.trust_proxy, env.allowed_hosts) == (
        "ar",
        8,
        True,
        ("a.org", "b.org"),
    )


def test_a_variable_goes_before_the_file(tmp_path: Path) -> None:
    write_toml(tmp_path, 'language = "ar"\ntime_zone = "Africa/Cairo"\n')
    env = load({"COPYDESK_LANGUAGE": "en"}, tmp_path)
    assert (env.language, env.time_zone) == ("en", "Africa/Cairo")


def test_a_secret_is_read_from_the_file_a_variable_names(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(KEY + "\n", encoding="utf-8")
    write_toml(tmp_path, 'secret_key = "another"\n')
    assert load({"COPYDESK_SECRET_KEY_FILE": str(tmp_path / "key")}, tmp_path).secret_key == KEY


def test_a_value_may_not_come_from_a_variable_and_a_file_at_once(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(KEY, encoding="utf-8")
    both = {"COPYDESK_SECRET_KEY": "x" * 32, "COPYDESK_SECRET_KEY_FILE": str(tmp_path / "key")}
    with pytest.raises(BadSetting, match="COPYDESK_SECRET_KEY_FILE"):
        load(both, tmp_path)


def test_other_programs_variables_are_none_of_ours(tmp_path: Path) -> None:
    assert load({"PATH": "/bin", "COPYDESK_DIR": "/srv"}, tmp_path) == Env()


def test_an_address_loses_its_last_slash(tmp_path: Path) -> None:
    env = load({"COPYDESK_BASE_URL": "https://example.org/", "COPYDESK_SECRET_KEY": KEY}, tmp_path)
    assert (env.base_url, env.host, env.is_secure) == ("https://example.org", "example.org", True)


@pytest.mark.parametrize(
    ("name", "value", "hint"),
    [
        ("BASE_URL", "example.org", "https://example.org"),
        ("BASE_URL", "https://example.org/blog", "no path"),
        ("BASE_URL", "ftp://example.org", "https://example.org"),
        ("BASE_URL", "http://localhost:port", "https://example.org"),
        ("BASE_URL", "http://[::1", "https://example.org"),
        ("DATABASE_URL", "mysql://localhost/x", "postgres://"),
        ("DATABASE_URL", "postgres://localhost:port/x", "postgres://"),
        ("EMAIL_URL", "mail.example.org", "smtp://"),
        ("EMAIL_URL", "smtp://mail.example.org:port", "smtp://"),
        ("LANGUAGE", "English", "language code"),
        ("TIME_ZONE", "Berlin", "Europe/Berlin"),
        ("TIME_ZONE", "../../etc/passwd", "Europe/Berlin"),
        ("WEB_WORKERS", "0", "whole number"),
        ("WEB_WORKERS", "many", "whole number"),
        ("WEB_THREADS", "-1", "whole number"),
        ("WEB_THREADS", "²", "whole number"),
        ("PAGE_STORE_MB", "0", "whole number"),
        ("PURGE_URL", "https://cdn.example", "varnish://host:port"),
        ("PURGE_URL", "varnish:cache", "varnish://host:port"),
        ("PURGE_URL", "varnish://cache:port", "varnish://host:port"),
        ("PURGE_URL", "varnish://me:secret@cache", "varnish://host:port"),
        ("PURGE_URL", "fastly://service/key", "fastly://service-id"),
        ("PURGE_TOKEN", "two words", "no blank"),
        ("RECORD_KEY", "c2hvcnQ=", "32 random bytes"),
        ("RECORD_KEY", "no base64!", "base64"),
        ("METRICS_TOKEN", "line\nline", "no blank"),
        ("DEBUG", "maybe", "true or false"),
        ("TRUST_PROXY", "", "true or false"),
    ],
)
def test_a_bad_value_is_refused_with_the_way_out(
    name: str, value: str, hint: str, tmp_path: Path
) -> None:
    with pytest.raises(BadSetting) as refused:
        load({f"COPYDESK_{name}": value}, tmp_path)
    message = str(refused.value)
    assert f"COPYDESK_{name}" in message
    assert hint in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short secret"),
        ("DATABASE_URL", "mysql://me:hunter2@localhost/x"),
        ("EMAIL_URL", "pop3://me:hunter2@localhost"),
        ("PURGE_URL", "varnish://me:hunter2@cache"),
        ("PURGE_TOKEN", "hunter2 "),
        ("RECORD_KEY", "aHVudGVyMg=="),
        ("METRICS_TOKEN", "hunter2 "),
    ],
)
def test_a_secret_is_never_shown(name: str, value: str, tmp_path: Path) -> None:
    given = {"COPYDESK_BASE_URL": "https://example.org", f"COPYDESK_{name}": value}
    with pytest.raises(BadSetting) as refused:
        load(given, tmp_path)
    assert "secret" not in str(refused.value).replace("SECRET_KEY", "")
    assert "hunter2" not in str(refused.value)


def test_an_unknown_variable_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(
        BadSetting, match=r"COPYDESK_BASEURL: there is no such setting.*COPYDESK_BASE_URL"
    ):
        load({"COPYDESK_BASEURL": "x"}, tmp_path)


def test_an_unknown_name_in_the_file_is_refused(tmp_path: Path) -> None:
    write_toml(tmp_path, 'baseurl = "x"\n')
    with pytest.raises(
        BadSetting, match=r"copydesk\.toml: there is no setting 'baseurl'.*base_url"
    ):
        load({}, tmp_path)


def test_a_bad_value_in_the_file_is_refused_by_its_name(tmp_path: Path) -> None:
    write_toml(tmp_path, 'time_zone = "Berlin"\n')
    with pytest.raises(BadSetting, match=r"copydesk\.toml: time_zone"):
        load({}, tmp_path)


@pytest.mark.parametrize("text", ["language = ", "[language]\nx = 1\n", "language = 1.5\n"])
def test_a_file_that_is_not_settings_is_refused(text: str, tmp_path: Path) -> None:
    write_toml(tmp_path, text)
    with pytest.raises(BadSetting, match=r"copydesk\.toml"):
        load({}, tmp_path)


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "copydesk.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadSetting, match="not valid TOML"):
        load({}, tmp_path)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "copydesk.toml").mkdir()
    with pytest.raises(BadSetting, match=r"copydesk\.toml: cannot be read: Is a directory"):
        load({}, tmp_path)


def test_a_secret_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match=r"COPYDESK_SECRET_KEY_FILE: .*missing cannot be read"):
        load({"COPYDESK_SECRET_KEY_FILE": str(tmp_path / "missing")}, tmp_path)


def test_a_secret_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"\xff" * 40)
    with pytest.raises(BadSetting, match="COPYDESK_SECRET_KEY_FILE"):
        load({"COPYDESK_SECRET_KEY_FILE": str(tmp_path / "key")}, tmp_path)


@pytest.mark.parametrize("key", ["", "short"])
def test_a_public_site_needs_a_secret(key: str, tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="COPYDESK_SECRET_KEY: give at least 32"):
        load({"COPYDESK_BASE_URL": "https://example.org", "COPYDESK_SECRET_KEY": key}, tmp_path)


@pytest.mark.parametrize("url", ["fastly://SU1Z0isxPaozGVKXdv0eY", "cloudflare://023e105f4ecef8ad"])
def test_a_network_that_needs_a_key_is_refused_without_one(url: str, tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="COPYDESK_PURGE_TOKEN"):
        load({"COPYDESK_PURGE_URL": url}, tmp_path)
    given = {"COPYDESK_PURGE_URL": url, "COPYDESK_PURGE_TOKEN": "key"}
    assert load(given, tmp_path).purge_url == url


@pytest.mark.parametrize(
    "url", ["varnish://127.0.0.1:6081", "varnish://cache", "varnish://[::1]:6081"]
)
def test_a_cache_of_ones_own_needs_no_key(url: str, tmp_path: Path) -> None:
    assert load({"COPYDESK_PURGE_URL": url}, tmp_path).purge_url == url

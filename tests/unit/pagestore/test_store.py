"""The store as processes share it: expiry, room, trouble, death."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from copydesk.pagestore.backends.store import Applied, Store, StoreUnusable
from copydesk.pagestore.logic.pages import Page

MB = 2**20
ROOT = Path(__file__).resolve().parents[3]


def make_store(folder: Path, size: int = 4 * MB) -> Store:
    store = Store(folder, size=size)
    store.open()
    if store.position is None:
        store.start_at(0)
    return store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return make_store(tmp_path)


OPEN = """
import sys, time
from pathlib import Path
from copydesk.pagestore.backends.store import Applied, Store
from copydesk.pagestore.logic.pages import Page
store = Store(Path(sys.argv[1]), size=4 * 2**20)
store.open()
if store.position is None:
    store.start_at(0)
"""


def run_beside(folder: Path, script: str) -> subprocess.Popen[str]:
    """Return another process that has the store open as `store`; a `with` block waits for it and closes its pipe."""
    return subprocess.Popen(
        [sys.executable, "-c", OPEN + script, str(folder)],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
    )


def said_beside(folder: Path, script: str) -> str:
    with run_beside(folder, script) as child:
        return child.communicate()[0]


def make_page(*tags: str, began: int = 0, size: int = 100) -> Page:
    return Page([("X", "1")], {"": bytes(size)}, tags or ("layout",), began, 'W/"e"', 0)


def put(store: Store, name: str, page: Page, *parameters: str) -> bytes:
    key = name.encode().ljust(16, b".")
    store.put(key, key, page, parameters)
    return key


def is_current(store: Store, key: bytes) -> bool:
    found = store.get(key)
    return found is not None and found.is_current


def test_a_page_counts_until_one_of_its_tags_expires(store: Store) -> None:
    key = put(store, "a", make_page("article:1", "layout"))
    store.apply([Applied(1, ["article:2", "topic:1"])])
    assert is_current(store, key)
    store.apply([Applied(2, ["article:1"])])
    assert not is_current(store, key)


def test_a_page_begun_before_an_expiry_is_not_stored_after_it(store: Store) -> None:
    began = store.position
    assert began is not None
    store.apply([Applied(1, ["article:1"])])
    assert store.get(put(store, "a", make_page("article:1", began=began))) is None
    assert is_current(store, put(store, "a", make_page("article:1", began=1)))


def test_expiries_known_already_change_nothing(store: Store) -> None:
    store.apply([Applied(5, ["article:1"])])
    key = put(store, "a", make_page("article:1", began=5))
    store.apply([Applied(4, ["article:1"]), Applied(5, ["article:1"])])
    assert is_current(store, key)
    assert store.position == 5


def test_what_ended_a_page_is_told_as_long_as_it_is_known(store: Store) -> None:
    key = put(store, "a", make_page("article:1", "topic:1"))
    store.apply([Applied(3, ["article:1"])])
    found = store.get(key)
    assert found
    assert found.ended == 3
    store.apply([Applied(4, ["topic:1"])])
    assert (found := store.get(key))
    assert found.ended == 3
    store.apply([Applied(5, ["article:1"])])
    assert (found := store.get(key))
    assert found.ended == 0, "the first of three is forgotten: the page counts as long gone"


def test_the_rule_of_a_place_outlives_its_pages(store: Store) -> None:
    key = put(store, "a", make_page(), "before", "after")
    store.apply([Applied(1, ["layout"])])
    assert store.rule(key) == ("after", "before")
    assert store.rule(b"x" * 16) is None


def test_the_oldest_go_where_there_is_no_room_and_variants_first(tmp_path: Path) -> None:
    store = make_store(tmp_path, size=MB)
    plain = put(store, "plain", make_page(size=100_000))
    for number in range(40):
        key = f"variant {number}".encode().ljust(16)
        store.put(plain, key, make_page(size=100_000), ["q"])
    counts = store.counts()
    assert counts["bytes"] <= MB
    assert counts["evicted"] == 41 - counts["pages"]
    assert is_current(store, plain), "a stranger's forty variants do not push a page out"


def test_a_page_too_large_for_the_store_is_not_stored(store: Store) -> None:
    key = put(store, "huge", make_page(size=2 * MB))
    assert store.get(key) is None


def test_room_is_bounded_whatever_comes(tmp_path: Path) -> None:
    store = make_store(tmp_path, size=MB)
    for number in range(2_000):
        put(store, f"{number}", make_page(size=number * 37 % 90_000))
    assert store.counts()["bytes"] <= MB
    assert (tmp_path / "pages.mdb").stat().st_size <= 64 * MB


def test_one_claims_a_page_and_the_others_wait(store: Store) -> None:
    key = b"k" * 16
    assert store.claim(key, patience=60)
    assert not store.claim(key, patience=60)
    store.release(key)
    assert store.claim(key, patience=60)
    assert store.claim(key, patience=0), "patience has an end"


def test_the_claim_of_a_process_that_died_is_void(tmp_path: Path) -> None:
    store, key = make_store(tmp_path), b"k" * 16
    script = f"store.claim({key!r}, patience=60); print('claimed', flush=True); time.sleep(60)"
    with run_beside(tmp_path, script) as child:
        assert child.stdout
        assert child.stdout.readline() == "claimed\n"
        assert store.is_claimed(key)
        assert not store.claim(key, patience=60)
        child.kill()
    assert store.claim(key, patience=60)


@pytest.mark.parametrize("rubbish", [b"not a database at all " * 1_000, bytes(100_000)])
def test_a_foreign_file_is_replaced_with_one_warning(
    tmp_path: Path, rubbish: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    make_store(tmp_path).close()
    (tmp_path / "pages.mdb").write_bytes(rubbish)
    store = make_store(tmp_path)
    assert is_current(store, put(store, "a", make_page()))
    assert len([record for record in caplog.records if record.levelname == "WARNING"]) == 1


def test_a_file_cut_off_in_the_middle_is_replaced(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    for number in range(50):
        put(store, f"{number}", make_page(size=20_000))
    store.close()
    path = tmp_path / "pages.mdb"
    os.truncate(path, path.stat().st_size // 2)
    again = make_store(tmp_path)
    assert again.counts()["pages"] == 0
    assert is_current(again, put(again, "a", make_page()))


def test_a_file_of_another_version_or_other_settings_is_replaced_without_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    older = Store(tmp_path, size=4 * MB, identity="older")
    older.open()
    key = put(older, "a", make_page())
    older.close()
    newer = Store(tmp_path, size=4 * MB, identity="newer")
    newer.open()
    assert newer.get(key) is None
    assert newer.position is None
    assert not [record for record in caplog.records if record.levelname == "WARNING"]


def test_a_file_of_a_machine_that_stopped_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = put(make_store(tmp_path), "a", make_page())
    assert is_current(make_store(tmp_path), key), "a restart of the service keeps it"
    monkeypatch.setattr("copydesk.pagestore.backends.file._boot_id", lambda: "the next boot")
    assert make_store(tmp_path).get(key) is None


def test_a_process_follows_when_another_replaces_the_file(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    key = put(store, "a", make_page())
    (tmp_path / "pages.mdb").unlink()
    assert said_beside(tmp_path, "print(store.counts()['pages'])") == "0\n"
    assert is_current(store, key), "it still looks at the file it has open"
    store.follow()
    assert store.get(key) is None
    put(store, "a", make_page())
    assert said_beside(tmp_path, "print(store.counts()['pages'])") == "1\n"


def test_a_folder_that_cannot_be_made_is_trouble_not_an_error_page(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreUnusable):
        Store(tmp_path / "file" / "pages", size=MB).open()
    with pytest.raises(StoreUnusable):
        _position = Store(tmp_path / "never opened", size=MB).position


WRITE = """
number = 0
while True:
    number += 1
    key = str(number % 50).encode().ljust(16)
    store.put(key, key, Page([], {"": bytes(number * 7919 % 30_000)}, ("article:1",), number, "e", 0), [])
    store.apply([Applied(number, [f"article:{number % 3}"])])
    if number == 1:
        print("writing", flush=True)
"""


def test_processes_killed_while_they_write_leave_a_store_that_works(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    for turn in range(12):
        with run_beside(tmp_path, WRITE) as child:
            assert child.stdout
            assert child.stdout.readline() == "writing\n"
            time.sleep(turn * 0.003)
            child.kill()
        store.follow()
        position = store.position or 0
        assert is_current(store, put(store, "mine", make_page("layout", began=position)))
        assert store.counts()["pages"] <= 51


LIMIT = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, resource.RLIM_INFINITY))
from copydesk.pagestore.backends.store import StoreUnusable
written = refused = 0
for number in range(100):
    key = str(number).encode().ljust(16)
    try:
        store.put(key, key, Page([], {"": bytes(30_000)}, ("layout",), 0, "e", 0), [])
        written += 1
    except StoreUnusable:
        refused += 1
print(written, refused, store.get(b"0".ljust(16)) is not None)
"""


def test_a_file_that_can_grow_no_more_is_trouble_and_what_it_holds_is_read_on(
    tmp_path: Path,
) -> None:
    written, refused, is_read = said_beside(tmp_path, LIMIT).split()
    assert int(written) > 0
    assert int(refused) > 0
    assert is_read == "True"


def test_threads_may_look_while_the_file_is_replaced(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    key, stop, seen = put(store, "a", make_page()), threading.Event(), []

    def look() -> None:
        while not stop.is_set():
            try:
                seen.append(store.get(key) is not None)
            except StoreUnusable:
                seen.append(False)

    threads = [threading.Thread(target=look) for _number in range(4)]
    for thread in threads:
        thread.start()
    for _turn in range(20):
        (tmp_path / "pages.mdb").unlink()
        store.follow()
        store.start_at(0)
        put(store, "a", make_page())
        time.sleep(0.005)
    stop.set()
    for thread in threads:
        thread.join()
    assert set(seen) == {True, False}

"""The page store's command and its purges, as real processes."""

from __future__ import annotations

import subprocess
import threading
from typing import TYPE_CHECKING

import pytest

from tests.factories.network import listening
from tests.integration.ops.conftest import COPYDESK, PATIENCE, ROOT, Site, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.factories.network import Network

pytestmark = pytest.mark.timeout(300)

EXPIRE = """
from copydesk.kit import clock
from copydesk.pagestore.actions import expire_tags
from copydesk.pagestore.models import Expiry
Expiry.objects.all().delete()
expire_tags(["article:1"], at=clock.now())
"""
PURGE = """
from datetime import timedelta
from copydesk.kit import clock
from copydesk.pagestore.actions import purge_due
for seconds in {seconds}:
    print(purge_due(at=clock.now() + timedelta(seconds=seconds)))
"""


@pytest.fixture
def network() -> Iterator[Network]:
    with listening() as found:
        yield found


def test_a_bad_tag_ends_in_one_line(site: Site) -> None:
    done = site.run("pages", "expire", "Article:12")
    assert done.returncode == 2
    assert done.stderr == (
        "CommandError: 'Article:12' is no tag. Tags look like article:12, topic:3 or latest.\n"
    )
    for command in ("clear", "stats"):
        done = site.run("pages", command)
        assert (done.returncode, done.stderr) == (0, "")


def test_what_was_being_purged_when_the_process_was_killed_is_purged_by_another(
    site: Site, network: Network
) -> None:
    url, killed = f"varnish://{network.address}", threading.Event()
    assert (
        site.run("manage", "shell", "--no-imports", "-c", EXPIRE, COPYDESK_PURGE_URL=url).returncode
        == 0
    )
    network.before_answer = lambda: killed.wait(PATIENCE)
    process = subprocess.Popen(
        [*COPYDESK, "manage", "shell", "--no-imports", "-c", PURGE.format(seconds=[0])],
        env=site.environ | {"COPYDESK_PURGE_URL": url},
        cwd=ROOT,
    )
    wait_until(lambda: network.told)
    process.kill()
    process.wait(PATIENCE)
    killed.set()
    done = site.run(
        *("manage", "shell", "--no-imports", "-c", PURGE.format(seconds=[0, 120, 240, 360])),
        COPYDESK_PURGE_URL=url,
    )
    assert (done.stdout.split(), done.stderr) == (["0", "1", "1", "0"], "")
    assert network.tags == [["article:1"]] * 3

"""How fast stored pages are served: beside nginx with the same bytes as a file, and granian with them as a constant.

    python -m bench.stored [--seconds 5] [--rounds 5]

All in one run on one machine, in turns, with `wrk -t1 -c16`; server and load share the cores. Needs wrk and nginx.
Writes `bench/results/stored.json`. Read the numbers as ratios.
"""

from __future__ import annotations

import argparse
import gzip
import http.client
import json
import os
import platform
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.serve import usage

if TYPE_CHECKING:
    from collections.abc import Iterator

RESULTS = Path(__file__).parent / "results" / "stored.json"
ROOT = Path(__file__).resolve().parent.parent
ARTICLES, ARTICLE, WORKERS, STORE_MB = 1_000, "/article-500/", 2, 32
# wrk's figures: its units in milliseconds.
UNITS = {"us": 0.001, "ms": 1.0, "s": 1_000.0}
FIGURE = re.compile(r"^\s+(50|99)%\s+([0-9.]+)(us|ms|s)$", re.MULTILINE)
RATE = re.compile(r"Requests/sec:\s+([0-9.]+)")
FAULTS = re.compile(r"Non-2xx or 3xx responses: (\d+)|Socket errors: (.*)")
# An article nobody has read yet, under an address nobody has used yet: each request is new to every dictionary.
EVERYWHERE = """
request = function()
  return wrk.format("GET", "/article-" .. math.random(0, 999) .. "/?n=" .. math.random(1, 1000000000))
end
"""


@dataclass
class Server:
    """Something that answers on a port."""

    name: str
    port: int
    path: str = ARTICLE
    headers: tuple[str, ...] = ()
    pid: int = 0
    rates: list[float] = field(default_factory=list)
    p50: list[float] = field(default_factory=list)
    p99: list[float] = field(default_factory=list)

    def load(self, seconds: int, *more: str) -> None:
        """Ask for so many seconds, and keep what came of it."""
        headers = [
            part for header in ("Accept-Encoding: gzip", *self.headers) for part in ("-H", header)
        ]
        command = ["wrk", "-t1", "-c16", f"-d{seconds}s", "--latency", *headers, *more]
        done = subprocess.run(
            [*command, f"http://127.0.0.1:{self.port}{self.path}"],
            check=True,
            text=True,
            capture_output=True,
        )
        if fault := FAULTS.search(done.stdout):
            print(f"{self.name}: {fault[0]}", file=sys.stderr)
        figures = {
            part: float(number) * UNITS[unit] for part, number, unit in FIGURE.findall(done.stdout)
        }
        self.rates.append(float(RATE.findall(done.stdout)[0]))
        self.p50.append(figures["50"])
        self.p99.append(figures["99"])

    def forget(self) -> None:
        """Begin anew."""
        self.rates, self.p50, self.p99 = [], [], []

    @property
    def row(self) -> dict[str, Any]:
        """The medians, and every round."""
        return {
            "requests_per_s": round(statistics.median(self.rates)),
            "p50_ms": round(statistics.median(self.p50), 3),
            "p99_ms": round(statistics.median(self.p99), 3),
            "all_requests_per_s": [round(rate) for rate in self.rates],
            "all_p99_ms": [round(figure, 2) for figure in self.p99],
        }


def main() -> None:
    """Start everything, measure in turns, record."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="copydesk-bench-") as name, ExitStack() as running:
        folder = Path(name)
        folder.chmod(0o755)  # nginx's workers are nobody.
        site = _make_site(folder)
        serve = running.enter_context(_serve(site))
        page = _get(serve.port)
        servers = [serve, *_peers(folder, page, running)]
        uncached = Server(
            "copydesk, made for each reader", serve.port, headers=("Authorization: none",)
        )
        for server in (*servers, uncached):  # Nobody is measured while it warms up.
            server.load(1)
            server.forget()
            time.sleep(1)
        load_before = os.getloadavg()[0]
        for _round in range(options.rounds):
            for server in (*servers, uncached):
                server.load(options.seconds)
                time.sleep(1)  # Whoever is still at work must not disturb the next.
        result: dict[str, Any] = {
            "command": "python -m bench.stored",
            "machine": _machine(load_before),
            "page_bytes_gzip": len(page.body),
            "servers": {server.name: server.row for server in (*servers, uncached)},
            "publish_under_load": _publishing(site, serve, options.seconds * 2),
            "memory": _memory(serve, site, options.seconds * 2),
        }
    result["ratios"] = _ratios(result["servers"])
    RESULTS.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=2))


def _ratios(rows: dict[str, Any]) -> dict[str, float]:
    ours, nginx = rows["copydesk, stored"], rows["nginx, gzip_static"]
    return {
        "stored / granian, same bytes and headers": _ratio(
            ours, rows["granian WSGI, same bytes and headers"]
        ),
        "stored / granian, same bytes alone": _ratio(ours, rows["granian WSGI, same bytes"]),
        "stored / nginx": _ratio(ours, nginx),
        "p99 stored / p99 nginx": round(ours["p99_ms"] / nginx["p99_ms"], 2),
        "stored / uncached": _ratio(ours, rows["copydesk, made for each reader"]),
        "granian RSGI / WSGI, same bytes and headers": _ratio(
            rows["granian RSGI, same bytes and headers"],
            rows["granian WSGI, same bytes and headers"],
        ),
        "granian ASGI / WSGI, same bytes and headers": _ratio(
            rows["granian ASGI, same bytes and headers"],
            rows["granian WSGI, same bytes and headers"],
        ),
    }


def _ratio(one: dict[str, Any], other: dict[str, Any]) -> float:
    return round(float(one["requests_per_s"]) / float(other["requests_per_s"]), 3)


def _machine(load: float) -> dict[str, Any]:
    models = re.findall(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return {
        "cpus": os.cpu_count(),
        "model": models[0] if models else platform.machine(),
        "python": platform.python_version(),
        "load_before": round(load, 2),
        "load_after": round(os.getloadavg()[0], 2),
    }


# --- The site


def _make_site(folder: Path) -> Path:
    site = folder / "site"
    environ = os.environ | {"COPYDESK_DIR": str(site)}
    subprocess.run([sys.executable, "-m", "copydesk.ops.main", "init", str(site)], check=True)
    code = f"import django; django.setup(); from bench.archive import fill; fill({ARTICLES})"
    subprocess.run(
        [sys.executable, "-c", code], check=True, cwd=ROOT,
        env=environ | {"DJANGO_SETTINGS_MODULE": "copydesk.config.settings"},
    )  # fmt: skip
    return site


@contextmanager
def _serve(site: Path) -> Iterator[Server]:
    port = _free_port()
    command = [sys.executable, "-m", "copydesk.ops.main", "--dir", str(site), "serve"]
    environ = os.environ | {"COPYDESK_PAGE_STORE_MB": str(STORE_MB)}
    with _running(
        [*command, "--workers", str(WORKERS), "--port", str(port)], port, env=environ
    ) as pid:
        yield Server("copydesk, stored", port, pid=pid)


@dataclass
class Stored:
    """The page as it is served."""

    body: bytes
    headers: list[tuple[str, str]]


def _get(port: int) -> Stored:
    client = http.client.HTTPConnection("127.0.0.1", port)
    client.request("GET", ARTICLE, headers={"Accept-Encoding": "gzip"})
    client.getresponse().read()  # The first is made, the second comes from the store.
    client.request("GET", ARTICLE, headers={"Accept-Encoding": "gzip"})
    response = client.getresponse()
    body = response.read()
    assert response.status == 200
    own = {"server", "date", "content-length"}
    return Stored(
        body, [(name, value) for name, value in response.getheaders() if name.lower() not in own]
    )


# --- The peers


APPS = """
BODY = open({body!r}, "rb").read()
FULL, BARE = {full!r}, {bare!r}

def wsgi(environ, start_response):
    start_response("200 OK", FULL)
    return [BODY]

def wsgi_bare(environ, start_response):
    start_response("200 OK", BARE)
    return [BODY]

async def rsgi(scope, protocol):
    protocol.response_bytes(200, FULL, BODY)

PAIRS = [(name.lower().encode(), value.encode()) for name, value in FULL]

async def asgi(scope, receive, send):
    await send({{"type": "http.response.start", "status": 200, "headers": PAIRS}})
    await send({{"type": "http.response.body", "body": BODY}})
"""

NGINX = """
daemon off; worker_processes {workers}; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{ worker_connections 512; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000; gzip_static on; open_file_cache max=100;
  default_type text/html;
  server {{ listen 127.0.0.1:{port}; root {folder}/html; }}
}}
"""


def _peers(folder: Path, page: Stored, running: ExitStack) -> list[Server]:
    html = folder / "html" / ARTICLE.strip("/")
    html.mkdir(parents=True)
    (html / "index.html").write_bytes(gzip.decompress(page.body))
    (html / "index.html.gz").write_bytes(page.body)
    length = ("content-length", str(len(page.body)))
    bare = [
        pair for pair in page.headers if pair[0].lower() in {"content-type", "content-encoding"}
    ]
    apps = APPS.format(
        body=str(html / "index.html.gz"), full=[*page.headers, length], bare=[*bare, length]
    )
    (folder / "constant.py").write_text(apps)
    peers = [_nginx(folder, running)]
    for interface, app, name in (
        ("wsgi", "wsgi", "granian WSGI, same bytes and headers"),
        ("wsgi", "wsgi_bare", "granian WSGI, same bytes"),
        ("rsgi", "rsgi", "granian RSGI, same bytes and headers"),
        ("asgi", "asgi", "granian ASGI, same bytes and headers"),
    ):
        port = _free_port()
        command = [
            sys.executable,
            "-m",
            "granian",
            "--interface",
            interface,
            "--host",
            "127.0.0.1",
            "--no-ws",
        ]
        command += [
            "--http",
            "1",
            "--workers",
            str(WORKERS),
            "--port",
            str(port),
            f"constant:{app}",
        ]
        if interface == "wsgi":
            command[-1:-1] = ["--blocking-threads", "4"]
        running.enter_context(_running(command, port, cwd=folder))
        peers.append(Server(name, port))
    return peers


def _nginx(folder: Path, running: ExitStack) -> Server:
    port = _free_port()
    (folder / "nginx.conf").write_text(NGINX.format(workers=WORKERS, folder=folder, port=port))
    running.enter_context(_running(["nginx", "-c", str(folder / "nginx.conf")], port))
    return Server("nginx, gzip_static", port)


@contextmanager
def _running(command: list[str], port: int, **more: Any) -> Iterator[int]:
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more
    )
    try:
        while not _is_open(port):
            assert process.poll() is None, command
            time.sleep(0.05)
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def _is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# --- What a publish disturbs, and what memory traffic takes


PUBLISH = """
import os, sys, time
import django
django.setup()
from copydesk.editorial.actions import publish_article
from copydesk.editorial.models import Article
from copydesk.kit import clock
print("ready", flush=True)
for number in range(int(sys.argv[1])):
    time.sleep(1)
    began = time.perf_counter()
    publish_article(article=Article.objects.get(slug="article-500"), at=clock.now())
    print(round((time.perf_counter() - began) * 1000), flush=True)
"""


def _publishing(site: Path, serve: Server, seconds: int) -> dict[str, Any]:
    """Return the latency of the article's page while nobody publishes it, and while it is published every second."""
    calm, busy = Server("calm", serve.port), Server("busy", serve.port)
    took: list[int] = []
    for _round in range(3):
        calm.load(seconds)
        with subprocess.Popen(
            [sys.executable, "-c", PUBLISH, str(seconds - 1)], cwd=ROOT, text=True, stdout=subprocess.PIPE,
            env=os.environ | {"COPYDESK_DIR": str(site), "DJANGO_SETTINGS_MODULE": "copydesk.config.settings"},
        ) as editor:  # fmt: skip
            assert editor.stdout
            editor.stdout.readline()
            busy.load(seconds)
            took = [int(line) for line in editor.stdout]
    return {
        "publishes_per_round": seconds - 1,
        "publish_ms": took,
        "calm": calm.row,
        "publishing": busy.row,
        "p99 publishing / p99 calm": round(busy.row["p99_ms"] / calm.row["p99_ms"], 2),
    }


def _memory(serve: Server, site: Path, seconds: int) -> dict[str, Any]:
    """Return what the site's processes and its store take before and after a crowd asks for everything."""
    before = _usage(serve)
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(EVERYWHERE)
        script.flush()
        crowd = Server("everywhere", serve.port)
        sizes = []
        for _round in range(3):
            crowd.load(seconds, "-s", script.name)
            sizes.append(_usage(serve))
    return {
        "store_limit_mb": STORE_MB,
        "pss_mb_before": before,
        "pss_mb_after_each_round": sizes,
        "requests": round(sum(rate * seconds for rate in crowd.rates)),
        "store_file_mb": round((site / "data/pages/pages.mdb").stat().st_size / 2**20, 1),
    }


def _usage(serve: Server) -> float:
    """Return the proportional memory of a process and its children, without the pages of files they map."""
    found: float = usage(serve.pid)["pss"]
    return found


if __name__ == "__main__":
    main()

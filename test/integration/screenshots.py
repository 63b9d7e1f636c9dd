"""Draws the dashboards: screenshots.py PAGES OUTPUT

Lets a monitored site run for a while, then has headless Chromium draw each dashboard with what Prometheus has of it.
PAGES has page.html, page.js and page.css of grafana/screenshots; pictures go to OUTPUT.
"""

import functools
import http.server
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

from support.isolation import isolate
from support.posix_queue import PosixQueue
from support.prometheus import URL
from support.site import LIVE, RECORDED, Site
from support.waiting import wait_for

_PORT = 8000
_DASHBOARDS = "grafana/dashboards"
# What the pictures show.
_SECONDS = 180


class _Files(http.server.SimpleHTTPRequestHandler):
    """Files; /hold is answered when the page has asked for /done, so that its load event waits for it."""

    done = threading.Event()

    def do_GET(self):
        if self.path == "/done":
            self.done.set()
        elif self.path != "/hold":
            super().do_GET()
            return
        self.done.wait()
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        """Keeps the output to what the tool says."""


def serve(directory):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", _PORT), functools.partial(_Files, directory=directory))
    threading.Thread(target=server.serve_forever, daemon=True).start()


def height(dashboard):
    """Of the page in pixels: a row of Grafana's grid is 30 high and 8 from the next."""
    with open(f"{_DASHBOARDS}/{dashboard}.json", encoding="utf-8") as file:
        panels = json.load(file)["panels"]
    return 38 * max(panel["gridPos"]["y"] + panel["gridPos"]["h"] for panel in panels) + 60


def draw(dashboard, picture, variables, directory):
    query = urllib.parse.urlencode(
        {"dashboard": dashboard, "prometheus": URL, "to": int(time.time()), "seconds": _SECONDS}
        | {f"var-{name}": value for name, value in variables.items()})
    _Files.done.clear()
    subprocess.run(
        ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--log-level=3",
         f"--user-data-dir={directory}/profile", f"--window-size=1600,{height(dashboard)}",
         f"--screenshot={picture}", f"http://127.0.0.1:{_PORT}/page.html?{query}"],
        check=True, timeout=300, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    print(picture)


def queue_variables(prometheus, host, queue):
    labels = prometheus.query(f'mqueue_up{{instance="{host}",ipc_namespace!="4026532201",queue="{queue}"}}')[0][0]
    return {"host": host, "namespace": labels["ipc_namespace"], "ipc": labels["ipc"], "queue": queue}


def main():
    pages, output = (os.path.abspath(path) for path in sys.argv[1:])
    os.makedirs(output, exist_ok=True)
    isolate()
    with tempfile.TemporaryDirectory() as directory, PosixQueue(b"/grows") as growing, Site() as site:
        for source in (pages, _DASHBOARDS):
            shutil.copytree(source, f"{directory}/www", dirs_exist_ok=True)
        serve(f"{directory}/www")
        site.exporter.write_config("interval: never\n")
        site.exporter.reload()
        for _ in range(6):
            growing.send(b"x")
            time.sleep(_SECONDS / 6)
        wait_for(lambda: site.prometheus.query('ALERTS{alertstate="firing"}'), "an alert fires")
        everything = {"host": ".*", "namespace": ".*", "ipc": ".*", "queue": ".*", "top": "10"}
        for dashboard, name, variables in (
                ("mqueue-overview", "overview", everything),
                ("mqueue-exporter", "exporter", everything),
                ("mqueue-queue", "queue-posix", queue_variables(site.prometheus, LIVE, "/mqueue-demo-bursty")),
                ("mqueue-queue", "queue-sysv", queue_variables(site.prometheus, LIVE, "0x6d716401")),
                ("mqueue-queue", "queue-recorded", queue_variables(site.prometheus, RECORDED, "/orders"))):
            draw(dashboard, f"{output}/{name}.png", variables, directory)


if __name__ == "__main__":
    main()

"""A monitored site on the shipped files: the daemon that looks at the demo's queues, Prometheus, Alertmanager, a webhook."""

import contextlib
import http.server
import os
import shutil
import subprocess
import tempfile
import threading

from support.alertmanager import Alertmanager, Webhook
from support.exporter import FAST, PORT, Exporter
from support.prometheus import Prometheus

_SHIPPED = "deploy/prometheus"
_TRAFFIC = os.path.abspath("test/demo/traffic")
_GOLDEN = "daemon/metrics/testdata/host.txt"

# What the `instance` label says of the two hosts.
LIVE, RECORDED = "localhost", "127.0.0.2"
_RECORDED_PORT = 9994
_WEBHOOK_PORT = 8080

# The daemon's.
CONFIG = FAST + "exact_priorities: {enabled: true}\n"


def _shipped(name, directory, replacements):
    """Copies a shipped file with other times and targets; its path. Each replacement must find its place."""
    with open(f"{_SHIPPED}/{name}", encoding="utf-8") as file:
        text = file.read()
    for old, new in replacements.items():
        assert old in text, f"{name} has no {old}"
        text = text.replace(old, new)
    path = os.path.join(directory, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


class _Traffic:
    """The demo's traffic; its queues are there when the `with` begins."""

    def __enter__(self):
        self.process = subprocess.Popen([_TRAFFIC], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        while self.process.stdout.readline().strip():
            pass
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()


class _Recording:
    """Serves the golden exposition on RECORDED."""

    def __enter__(self):
        with open(_GOLDEN, "rb") as golden:
            body = golden.read()

        class Handler(http.server.BaseHTTPRequestHandler):

            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                """Keeps the test's output to what the test says."""

        self.server = http.server.ThreadingHTTPServer((RECORDED, _RECORDED_PORT), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


class Site:
    """All of it, up when the `with` begins; Prometheus scrapes and evaluates each second. `exporter`, `prometheus` and
    `webhook` are its parts."""

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            directory = stack.enter_context(tempfile.TemporaryDirectory())
            stack.enter_context(_Traffic())
            stack.enter_context(_Recording())
            self.exporter = stack.enter_context(Exporter(CONFIG))
            self.webhook = stack.enter_context(Webhook(_WEBHOOK_PORT))
            stack.enter_context(Alertmanager(_shipped("alertmanager.yml", directory, {
                "group_wait: 30s": "group_wait: 1s", "group_interval: 5m": "group_interval: 1s"})))
            for rules in ("recording_rules.yml", "alerts.yml"):
                shutil.copy(f"{_SHIPPED}/{rules}", directory)
            self.prometheus = stack.enter_context(Prometheus(_shipped("prometheus.yml", directory, {
                "interval: 15s": "interval: 1s",
                f'"localhost:{PORT}"': f'"localhost:{PORT}", "{RECORDED}:{_RECORDED_PORT}"'})))
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_):
        self._stack.close()

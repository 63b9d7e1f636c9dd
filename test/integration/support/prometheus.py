"""Debian's Prometheus, and a proxy in front of the daemon that asks for the format that Prometheus would not choose."""

import contextlib
import http.client
import http.server
import json
import subprocess
import tempfile
import threading
import urllib.parse

from support.exporter import PORT
from support.exposition import TEXT
from support.waiting import wait_for

_PROMETHEUS_PORT = 9090
_PROXY_PORT = 9993

_CONFIG = f"""
global: {{scrape_interval: 1s}}
scrape_configs:
  - job_name: openmetrics
    static_configs: [{{targets: ["127.0.0.1:{PORT}"]}}]
  - job_name: text
    static_configs: [{{targets: ["127.0.0.1:{_PROXY_PORT}"]}}]
"""


class _TextProxy(http.server.BaseHTTPRequestHandler):
    """Hands a GET on with the Accept of the text format. `types` collects what the daemon then said it sent."""

    types = set()

    def do_GET(self):
        upstream = http.client.HTTPConnection("127.0.0.1", PORT)
        upstream.request("GET", self.path, headers={"Accept": TEXT})
        response = upstream.getresponse()
        body = response.read()
        content_type = response.getheader("Content-Type")
        self.types.add(content_type)
        self.send_response(response.status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        upstream.close()

    def log_message(self, *_):
        """Keeps the test's output to what the test says."""


class Prometheus:
    """Scrapes the daemon every second: job "openmetrics" what Prometheus negotiates, job "text" through the proxy."""

    def __enter__(self):
        self.directory = tempfile.TemporaryDirectory()
        with open(f"{self.directory.name}/prometheus.yml", "w", encoding="utf-8") as config:
            config.write(_CONFIG)
        self.proxy = http.server.ThreadingHTTPServer(("127.0.0.1", _PROXY_PORT), _TextProxy)
        threading.Thread(target=self.proxy.serve_forever, daemon=True).start()
        self.log = open(f"{self.directory.name}/log", "w+", encoding="utf-8")
        self.process = subprocess.Popen(
            ["prometheus", f"--config.file={self.directory.name}/prometheus.yml",
             f"--storage.tsdb.path={self.directory.name}/data", f"--web.listen-address=127.0.0.1:{_PROMETHEUS_PORT}"],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        wait_for(self._is_ready, "Prometheus is ready")
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.log.close()
        self.proxy.shutdown()
        self.proxy.server_close()
        self.directory.cleanup()

    def _is_ready(self):
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", _PROMETHEUS_PORT, timeout=30)) as connection:
            try:
                connection.request("GET", "/-/ready")
                return connection.getresponse().status == 200
            except OSError:
                return False

    def text_types(self):
        """The content types that went through the proxy."""
        return _TextProxy.types

    def query(self, expression):
        """The instant vector of a PromQL expression: labels and value of each element."""
        result = self._get("/api/v1/query?" + urllib.parse.urlencode({"query": expression}))
        return [(element["metric"], float(element["value"][1])) for element in result["result"]]

    def wait_for_value(self, expression, condition):
        """Waits until the expression has one element whose value `condition` accepts; that value."""
        def ask():
            result = self.query(expression)
            return result if len(result) == 1 and condition(result[0][1]) else None
        return wait_for(ask, f"Prometheus has {expression}")[0][1]

    def targets(self):
        """Health and last error of the two scrape targets, by job."""
        return {target["labels"]["job"]: (target["health"], target["lastError"])
                for target in self._get("/api/v1/targets")["activeTargets"]}

    def _get(self, path):
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", _PROMETHEUS_PORT, timeout=30)) as connection:
            connection.request("GET", path)
            answer = json.loads(connection.getresponse().read())
        assert answer["status"] == "success", answer
        return answer["data"]

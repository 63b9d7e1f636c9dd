"""Debian's Prometheus."""

import contextlib
import http.client
import json
import os
import subprocess
import tempfile
import urllib.parse

from support.waiting import wait_for

_PORT = 9090

URL = f"http://127.0.0.1:{_PORT}"


class Prometheus:
    """Does what the configuration file says, from the `with` to its end."""

    def __init__(self, config_file, flags=()):
        self.config_file = config_file
        self.flags = flags

    def __enter__(self):
        self.directory = tempfile.TemporaryDirectory()
        self.log = open(f"{self.directory.name}/log", "w+", encoding="utf-8")
        self.process = subprocess.Popen(
            ["prometheus", f"--config.file={self.config_file}", f"--storage.tsdb.path={self.directory.name}/data",
             f"--web.listen-address=127.0.0.1:{_PORT}", *self.flags],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        wait_for(self._is_ready, "Prometheus is ready")
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.log.close()
        self.directory.cleanup()

    def _is_ready(self):
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", _PORT, timeout=30)) as connection:
            try:
                connection.request("GET", "/-/ready")
                return connection.getresponse().status == 200
            except OSError:
                return False

    def query(self, expression):
        """The instant vector of a PromQL expression: labels and value of each element."""
        result = self._ask("/api/v1/query?" + urllib.parse.urlencode({"query": expression}))
        return [(element["metric"], float(element["value"][1])) for element in result["result"]]

    def query_range(self, expression, begin, end, step):
        """As a graph from `begin` to `end` would: labels and points of each series."""
        result = self._ask("/api/v1/query_range?" + urllib.parse.urlencode(
            {"query": expression, "start": begin, "end": end, "step": step}))
        return [(series["metric"], series["values"]) for series in result["result"]]

    def wait_for_value(self, expression, condition):
        """Waits until the expression has one element whose value `condition` accepts; that value."""
        def ask():
            result = self.query(expression)
            return result if len(result) == 1 and condition(result[0][1]) else None
        return wait_for(ask, f"Prometheus has {expression}")[0][1]

    def targets(self):
        """Health and last error of the scrape targets, by job."""
        return {target["labels"]["job"]: (target["health"], target["lastError"])
                for target in self._ask("/api/v1/targets")["activeTargets"]}

    def snapshot(self):
        """The directory of the one block that a snapshot has of a young Prometheus; takes --web.enable-admin-api."""
        name = self._ask("/api/v1/admin/tsdb/snapshot", method="POST")["name"]
        where = f"{self.directory.name}/data/snapshots/{name}"
        return f"{where}/{os.listdir(where)[0]}"

    def _ask(self, path, method="GET"):
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", _PORT, timeout=30)) as connection:
            connection.request(method, path)
            answer = json.loads(connection.getresponse().read())
        assert answer["status"] == "success", answer
        return answer["data"]

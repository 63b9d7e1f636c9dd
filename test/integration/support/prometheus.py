"""Debian's Prometheus."""

import contextlib
import http.client
import json
import os
import urllib.parse

from support.server import Server
from support.waiting import wait_for

_PORT = 9090

URL = f"http://127.0.0.1:{_PORT}"


class Prometheus(Server):
    """Does what the configuration file says, from the `with` to its end."""

    def __init__(self, config_file, flags=()):
        super().__init__(_PORT)
        self.config_file = config_file
        self.flags = flags

    def command(self):
        return ["prometheus", f"--config.file={self.config_file}", f"--storage.tsdb.path={self.data}",
                f"--web.listen-address=127.0.0.1:{_PORT}", *self.flags]

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
        where = f"{self.data}/snapshots/{name}"
        return f"{where}/{os.listdir(where)[0]}"

    def _ask(self, path, method="GET"):
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", _PORT, timeout=120)) as connection:
            connection.request(method, path)
            answer = json.loads(connection.getresponse().read())
        assert answer["status"] == "success", answer
        return answer["data"]

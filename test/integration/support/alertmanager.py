"""Debian's Alertmanager, and a webhook that keeps what it is told."""

import http.server
import json
import threading

from support.server import Server
from support.waiting import wait_for

_PORT = 9093


class Webhook:
    """Listens on 127.0.0.1:`port` from the `with` to its end."""

    def __init__(self, port):
        self.port = port
        self._alerts = []

    def __enter__(self):
        webhook = self

        class Handler(http.server.BaseHTTPRequestHandler):

            def do_POST(self):
                message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                webhook._alerts.extend(message["alerts"])
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                """Keeps the test's output to what the test says."""

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def wait_for_alert(self, status, **labels):
        """The first alert of that status ("firing", "resolved") whose labels include `labels`."""
        def find():
            return next((alert for alert in list(self._alerts)
                         if alert["status"] == status and labels.items() <= alert["labels"].items()), None)
        return wait_for(find, f"an alert {status} with {labels}")


class Alertmanager(Server):
    """Does what the configuration file says, from the `with` to its end."""

    def __init__(self, config_file):
        super().__init__(_PORT)
        self.config_file = config_file

    def command(self):
        return ["prometheus-alertmanager", f"--config.file={self.config_file}", f"--storage.path={self.data}",
                f"--web.listen-address=127.0.0.1:{_PORT}", "--cluster.listen-address="]

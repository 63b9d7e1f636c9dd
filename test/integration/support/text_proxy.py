"""A proxy in front of the daemon that asks for the format that Prometheus would not choose."""

import http.client
import http.server
import threading

from support.exporter import PORT
from support.exposition import TEXT

PROXY_PORT = 9993


class _Handler(http.server.BaseHTTPRequestHandler):
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


class TextProxy:
    """Listens on 127.0.0.1:PROXY_PORT from the `with` to its end."""

    def __enter__(self):
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", PROXY_PORT), _Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def types(self):
        """The content types that went through it."""
        return _Handler.types

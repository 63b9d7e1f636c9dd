"""A program of Debian's that serves HTTP and says at /-/ready when it does."""

import contextlib
import http.client
import subprocess
import tempfile

from support.waiting import wait_for


class Server:
    """Runs on 127.0.0.1:`port` from the `with` to its end. `data` is a directory for what it keeps, gone with it."""

    def __init__(self, port):
        self.port = port

    def command(self):
        """Program and arguments; of the one who inherits."""
        raise NotImplementedError

    def __enter__(self):
        self.directory = tempfile.TemporaryDirectory()
        self.data = f"{self.directory.name}/data"
        self.log = open(f"{self.directory.name}/log", "w+", encoding="utf-8")
        self.process = subprocess.Popen(self.command(), stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        wait_for(self._is_ready, f"{self.process.args[0]} is ready")
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.log.close()
        self.directory.cleanup()

    def _is_ready(self):
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            try:
                connection.request("GET", "/-/ready")
                return connection.getresponse().status == 200
            except OSError:
                return False

"""The exporter under the C library of Debian 13: what this one calls that Debian 12's does not must pass the sandbox."""

import base64
import contextlib
import gzip
import http.client
import os
import shutil
import signal
import subprocess
import tempfile
import unittest

from support.certificates import Authority
from support.exposition import Exposition
from support.isolation import isolate
from support.posix_queue import PosixQueue
from support.process import status
from support.waiting import wait_for

# As many as it takes: its threads, its sockets, its timers and its files are all served by the library.
_LIBRARIES = ("libc.so.6", "libm.so.6", "libgcc_s.so.1", "libstdc++.so.6")
_WHERE = "usr/lib/x86_64-linux-gnu"

# With the hash of "correct horse".
WEB_CONFIG = """
tls_server_config: {cert_file: server.crt, key_file: server.key}
basic_auth_users: {alice: $2y$04$PjV5KJSwL1.vAang4Q6Mxe0op48VfgevKofH5Hbt5Z0Pb048G8CDS}
"""
LOGIN = "Basic " + base64.b64encode(b"alice:correct horse").decode()


def get(tls, path, headers=None):
    """Status and body, by TLS and with a login."""
    with contextlib.closing(http.client.HTTPSConnection("127.0.0.1", 9992, timeout=60, context=tls)) as connection:
        connection.request("GET", path, headers={"Authorization": LOGIN} | (headers or {}))
        response = connection.getresponse()
        return response.status, response.read()


class NewerLibcTest(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        # While there is a network.
        cls.directory = tempfile.TemporaryDirectory(prefix="libc-")
        cls.addClassCleanup(cls.directory.cleanup)
        newer = f"{cls.directory.name}/newer"
        subprocess.run(["mmdebstrap", "--quiet", "--variant=extract", "--include=libc6,libstdc++6,libgcc-s1", "trixie",
                        newer], check=True)
        cls.root = f"{cls.directory.name}/root"
        subprocess.run(["deploy/container/stage", os.environ["EXPORTER"], cls.root], check=True)
        for name in _LIBRARIES:
            shutil.copy(f"{newer}/{_WHERE}/{name}", f"{cls.root}/{_WHERE}/{name}")
        shutil.copy(f"{newer}/usr/lib64/ld-linux-x86-64.so.2", f"{cls.root}/usr/lib64")
        authority = cls.enterClassContext(Authority())
        cls.tls = authority.client()
        server = authority.issue("server", "IP:127.0.0.1")
        cls.web_file = f"{cls.root}/etc/mqueue_exporter/web.yml"
        os.makedirs(os.path.dirname(cls.web_file), exist_ok=True)
        shutil.copy(server.file, f"{cls.root}/etc/mqueue_exporter/server.crt")
        shutil.copy(server.key, f"{cls.root}/etc/mqueue_exporter/server.key")
        with open(cls.web_file, "w", encoding="ascii") as file:
            file.write(WEB_CONFIG)
        isolate()
        for name in ("proc", "sys"):
            subprocess.run(["mount", "--rbind", f"/{name}", f"{cls.root}/{name}"], check=True)
            cls.addClassCleanup(subprocess.run, ["umount", "--lazy", f"{cls.root}/{name}"], check=True)

    def _start(self):
        log = open(f"{self.directory.name}/log", "w+b")
        self.addCleanup(log.close)
        exporter = subprocess.Popen(
            ["chroot", self.root, "/usr/sbin/mqueue_exporter", "--web.listen-address=127.0.0.1:9992",
             "--web.config.file=/etc/mqueue_exporter/web.yml"], stdout=log, stderr=log)
        self.addCleanup(exporter.wait)
        self.addCleanup(exporter.kill)

        def is_ready():
            if exporter.poll() is not None:
                log.seek(0)
                raise RuntimeError(f"it ended with {exporter.returncode}: {log.read().decode()}")
            try:
                return get(self.tls, "/-/ready")[0] == 200
            except ConnectionError:
                return False
        wait_for(is_ready, "the exporter is ready")
        return exporter

    def _log(self):
        with open(f"{self.directory.name}/log", encoding="utf-8") as log:
            return log.read()

    def test_it_looks_serves_reloads_and_stops(self):
        exporter = self._start()
        with open(f"/proc/{exporter.pid}/maps", encoding="utf-8") as maps:
            self.assertIn(f"{_WHERE}/libc.so.6", maps.read())
        self.assertEqual(status(exporter.pid)["Seccomp"], "2")
        with PosixQueue(b"/orders") as queue:
            queue.send(b"x", 5)
            exporter.send_signal(signal.SIGHUP)

            def seen():
                _, body = get(self.tls, "/metrics", {"Accept-Encoding": "gzip"})
                return Exposition(gzip.decompress(body).decode()).series("mqueue_messages", queue="/orders")
            wait_for(seen, "the queue is shown")
        with open(self.web_file, "a", encoding="ascii") as file:
            file.write("rate_limit: {interval: 1h, burst: 1}\n")
        wait_for(lambda: "web configuration reloaded" in self._log(), "the web configuration is taken")
        self.assertEqual([get(self.tls, "/-/ready")[0] for _ in range(2)], [200, 429])
        # What the library tries in vain must not be what the log is about.
        exporter.send_signal(signal.SIGTERM)
        self.assertEqual(exporter.wait(timeout=60), 0)
        self.assertIn('msg="configuration reloaded"', self._log())
        self.assertNotIn("level=error", self._log())


if __name__ == "__main__":
    unittest.main(verbosity=2)

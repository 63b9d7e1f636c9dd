"""The exporter under the C library of Debian 13: what this one calls that Debian 12's does not must pass the sandbox."""

import contextlib
import gzip
import http.client
import os
import shutil
import signal
import subprocess
import tempfile
import unittest

from support.exposition import Exposition
from support.isolation import isolate
from support.posix_queue import PosixQueue
from support.process import status
from support.waiting import wait_for

# As many as it takes: its threads, its sockets, its timers and its files are all served by the library.
_LIBRARIES = ("libc.so.6", "libm.so.6", "libgcc_s.so.1", "libstdc++.so.6")
_WHERE = "usr/lib/x86_64-linux-gnu"


def get(path, headers=None):
    """Status and body."""
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", 9992, timeout=60)) as connection:
        connection.request("GET", path, headers=headers or {})
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
        isolate()
        for name in ("proc", "sys"):
            subprocess.run(["mount", "--rbind", f"/{name}", f"{cls.root}/{name}"], check=True)
            cls.addClassCleanup(subprocess.run, ["umount", "--lazy", f"{cls.root}/{name}"], check=True)

    def _start(self):
        log = open(f"{self.directory.name}/log", "w+b")
        self.addCleanup(log.close)
        exporter = subprocess.Popen(
            ["chroot", self.root, "/usr/sbin/mqueue_exporter", "--web.listen-address=127.0.0.1:9992"], stdout=log, stderr=log)
        self.addCleanup(exporter.wait)
        self.addCleanup(exporter.kill)

        def is_ready():
            if exporter.poll() is not None:
                log.seek(0)
                raise RuntimeError(f"it ended with {exporter.returncode}: {log.read().decode()}")
            try:
                return get("/-/ready")[0] == 200
            except ConnectionError:
                return False
        wait_for(is_ready, "the exporter is ready")
        return exporter

    def test_it_looks_serves_reloads_and_stops(self):
        exporter = self._start()
        with open(f"/proc/{exporter.pid}/maps", encoding="utf-8") as maps:
            self.assertIn(f"{_WHERE}/libc.so.6", maps.read())
        self.assertEqual(status(exporter.pid)["Seccomp"], "2")
        with PosixQueue(b"/orders") as queue:
            queue.send(b"x", 5)
            exporter.send_signal(signal.SIGHUP)

            def seen():
                _, body = get("/metrics", {"Accept-Encoding": "gzip"})
                return Exposition(gzip.decompress(body).decode()).series("mqueue_messages", queue="/orders")
            wait_for(seen, "the queue is shown")
        # What the library tries in vain must not be what the log is about.
        exporter.send_signal(signal.SIGTERM)
        self.assertEqual(exporter.wait(timeout=60), 0)
        with open(f"{self.directory.name}/log", encoding="utf-8") as log:
            text = log.read()
        self.assertIn("configuration reloaded", text)
        self.assertNotIn("level=error", text)


if __name__ == "__main__":
    unittest.main(verbosity=2)

"""Clients that only want to wear the exporter out. HOSTILE_SECONDS, 30 if it is not set, is how long each way lasts."""

import contextlib
import os
import resource
import socket
import subprocess
import time
import unittest

from support.certificates import Authority
from support.exporter import MEMORY_COUNTS, PORT, Exporter
from support.process import status
from support.runner import main
from support.sysv_queue import SysvQueue

SECONDS = int(os.environ.get("HOSTILE_SECONDS", "30"))
CONNECTIONS = 5000
MEMORY = 64 << 20

# The ways of slowhttptest: headers that never end, bodies that never end, and responses that are read byte by byte.
WAYS = {"slow headers": ["-H", "-i", "1", "-x", "8"],
        "slow body": ["-B", "-i", "1", "-s", "8192", "-x", "8"],
        "slow read": ["-X", "-n", "1", "-w", "1", "-y", "2", "-z", "1", "-k", "3"]}


class HostileLoadTest(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        # So that a response is larger than what lies in the buffers of sockets.
        for key in range(1, 301):
            cls.enterClassContext(SysvQueue(key))
        files = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(2 * CONNECTIONS, files[1]), files[1]))
        cls.authority = cls.enterClassContext(Authority())

    def _check(self, exporter, scrapes):
        """Whether a client of good will is served that often, each time by a connection of its own."""
        for _ in range(scrapes):
            self.assertEqual(len(exporter.scrape().series("mqueue_up")), 300)
        if MEMORY_COUNTS:
            self.assertLess(self._memory(exporter), MEMORY)

    @staticmethod
    def _memory(exporter):
        """The most that it ever had in memory."""
        return int(status(exporter.process.pid)["VmHWM"].split()[0]) << 10

    def _attack(self, exporter, way, url):
        with subprocess.Popen(["slowhttptest", *way, "-c", str(CONNECTIONS), "-r", str(CONNECTIONS // 10), "-l",
                               str(SECONDS), "-u", f"{url}/metrics"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL) as attack:
            scrapes = 0
            while attack.poll() is None:
                self._check(exporter, 1)
                scrapes += 1
                time.sleep(0.2)
        # It was there to be withstood.
        self.assertGreater(scrapes, 1)
        self._check(exporter, 3)

    def test_slow_clients_of_plain_http(self):
        for name, way in WAYS.items():
            with self.subTest(name), Exporter() as exporter:
                self._attack(exporter, way, f"http://127.0.0.1:{PORT}")
                self.assertEqual(exporter.stop(), 0)

    def test_slow_clients_of_tls(self):
        server = self.authority.issue("server", "IP:127.0.0.1")
        web = f"tls_server_config: {{cert_file: {server.file}, key_file: {server.key}}}\n"
        with Exporter(web=web, client=self.authority.client()) as exporter:
            self._attack(exporter, WAYS["slow headers"], f"https://127.0.0.1:{PORT}")
            self.assertEqual(exporter.stop(), 0)

    def _check_connections(self, exporter, greeting):
        with contextlib.ExitStack() as stack:
            for number in range(CONNECTIONS):
                client = stack.enter_context(socket.create_connection(("127.0.0.1", PORT)))
                with contextlib.suppress(ConnectionError):
                    client.sendall(greeting)
                if number % 500 == 0:
                    self._check(exporter, 1)
            self._check(exporter, 3)

    def test_five_thousand_connections(self):
        for greeting in (b"", b"GET /metrics HTTP/1.1\r\n", b"GET /metrics HTTP/1.1\r\nHost: h\r\n\r\n"):
            with self.subTest(greeting), Exporter() as exporter:
                self._check_connections(exporter, greeting)

    def test_five_thousand_connections_to_tls(self):
        server = self.authority.issue("server", "IP:127.0.0.1")
        web = f"tls_server_config: {{cert_file: {server.file}, key_file: {server.key}}}\n"
        # Nothing, and the beginning of a handshake that goes no further.
        for greeting in (b"", b"\x16\x03\x01\x02\x00\x01"):
            with self.subTest(greeting), Exporter(web=web, client=self.authority.client()) as exporter:
                self._check_connections(exporter, greeting)


if __name__ == "__main__":
    main()

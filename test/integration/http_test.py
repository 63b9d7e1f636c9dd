"""What malformed, huge and idle clients get."""

import contextlib
import os
import resource
import socket
import unittest

from support.exporter import PORT, Exporter
from support.posix_queue import PosixQueue
from support.runner import main


def raw(request):
    """Sends bytes, then reads until the daemon closes or one full answer to a HEAD or an error is there."""
    with socket.create_connection(("127.0.0.1", PORT), timeout=60) as connection:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(request)
        answer = b""
        with contextlib.suppress(ConnectionResetError):
            while chunk := connection.recv(65536):
                answer += chunk
        return answer


def status(request):
    """The status code of the first answer to these bytes, which end the connection."""
    answer = raw(request)
    return int(answer.split()[1]) if answer.startswith(b"HTTP/1.") else None


class HttpTest(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.queue = PosixQueue(b"/orders")
        cls.exporter = Exporter()

    @classmethod
    def tearDownClass(cls):
        cls.exporter.__exit__()
        cls.queue.remove()

    def tearDown(self):
        # Whatever a test did, others are served.
        self.assertEqual(self.exporter.scrape().value("mqueue_up"), 1)

    def test_malformed_requests_are_refused(self):
        for request in (b"\r\n\r\n\r\nnonsense\r\n\r\n", b"GET /metrics\r\n\r\n", b"GET /metrics HTTP/9.9\r\n\r\n",
                        b"GET /metrics HTTP/1.1\r\nno colon\r\n\r\n",
                        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 9,
                        b"GET /metrics HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
                        b"GET /metrics HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"):
            with self.subTest(request=request):
                self.assertIn(status(request), (400, 505))

    def test_a_megabyte_of_headers_is_refused(self):
        self.assertEqual(status(b"GET /metrics HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 2**20 + b"\r\n\r\n"), 431)

    def test_a_megabyte_of_many_headers_is_refused(self):
        self.assertEqual(status(b"GET /metrics HTTP/1.1\r\n" + b"A: b\r\n" * (2**20 // 6) + b"\r\n"), 431)

    def test_a_megabyte_of_body_is_refused(self):
        self.assertEqual(status(b"POST /metrics HTTP/1.1\r\nHost: a\r\nContent-Length: 1048576\r\n\r\n" + b"x" * 2**20),
                         413)

    def test_unknown_path_and_method_are_told_apart(self):
        self.assertEqual(self.exporter.get("/nothing").status, 404)
        self.assertEqual(self.exporter.get("/metrics", method="DELETE").status, 405)

    def test_head_has_the_length_and_no_body(self):
        get = self.exporter.get("/", method="GET")
        head = self.exporter.get("/", method="HEAD")
        self.assertEqual(head.status, 200)
        self.assertEqual(head.body, b"")
        self.assertEqual(head.getheader("Content-Length"), get.getheader("Content-Length"))

    def test_healthy_ready_and_landing_page_are_served(self):
        for path in ("/", "/-/healthy", "/-/ready"):
            self.assertEqual(self.exporter.get(path).status, 200)

    def test_reload_over_http_is_forbidden_unless_it_is_enabled(self):
        self.assertEqual(self.exporter.get("/-/reload", method="POST").status, 403)

    def test_connection_is_kept_alive(self):
        with contextlib.closing(self.exporter.connect()) as client:
            self.exporter.scrape_over(client)
            first = client.sock
            self.exporter.scrape_over(client)
            self.assertIs(client.sock, first)

    def test_pipelined_requests_are_answered_in_order(self):
        answer = raw(b"GET /-/healthy HTTP/1.1\r\nHost: a\r\n\r\n"
                     b"GET /nothing HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        self.assertEqual(answer.count(b"HTTP/1.1 "), 2)
        self.assertLess(answer.index(b" 200 "), answer.index(b" 404 "))

    def test_two_thousand_idle_connections_do_not_stop_a_scrape(self):
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        with contextlib.ExitStack() as idle:
            for _ in range(2000):
                idle.enter_context(socket.create_connection(("127.0.0.1", PORT), timeout=60))
            for _ in range(20):
                self.assertEqual(self.exporter.scrape().value("mqueue_up"), 1)
            descriptors = len(os.listdir(f"/proc/{self.exporter.process.pid}/fd"))
            self.assertLess(descriptors, 600)

    def test_clients_that_send_a_byte_and_wait_do_not_stop_a_scrape(self):
        with contextlib.ExitStack() as slow:
            for _ in range(600):
                connection = slow.enter_context(socket.create_connection(("127.0.0.1", PORT), timeout=60))
                with contextlib.suppress(ConnectionResetError, BrokenPipeError):
                    connection.sendall(b"G")
            self.assertEqual(self.exporter.scrape().value("mqueue_up"), 1)


class ListenTest(unittest.TestCase):

    def test_several_addresses_ipv6_and_unix_sockets_are_served(self):
        with Exporter(flags=["--web.listen-address=[::1]:9995", "--web.listen-address=unix:/tmp/mqueue.sock"]):
            for family, address in ((socket.AF_INET, ("127.0.0.1", PORT)), (socket.AF_INET6, ("::1", 9995)),
                                    (socket.AF_UNIX, "/tmp/mqueue.sock")):
                with self.subTest(address=address), socket.socket(family) as connection:
                    connection.connect(address)
                    connection.sendall(b"GET /-/healthy HTTP/1.0\r\n\r\n")
                    self.assertIn(b" 200 ", connection.recv(4096))

    def test_telemetry_path_can_be_moved(self):
        with Exporter(flags=["--web.telemetry-path=/queues"]) as exporter:
            self.assertEqual(exporter.get("/queues").status, 200)
            self.assertEqual(exporter.get("/metrics").status, 404)


if __name__ == "__main__":
    main()

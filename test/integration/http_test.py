"""What malformed, huge and idle clients get."""

import contextlib
import os
import re
import resource
import socket
import ssl
import subprocess
import tempfile
import unittest
import urllib.parse

from support.certificates import Authority
from support.exporter import BINARY, PORT, Exporter
from support.posix_queue import PosixQueue
from support.runner import main
from support.waiting import wait_for


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

    def test_framings_that_parsers_disagree_about_are_refused_and_the_body_is_never_run(self):
        smuggled = b"GET /-/healthy HTTP/1.1\r\nHost: a\r\n\r\n"
        for fields in (b"Transfer-Encoding: chunked, identity", b"Transfer-Encoding: gzip", b"Transfer-Encoding: identity",
                       b"Transfer-Encoding: \"chunked\"", b"Transfer-Encoding: chunked, chunked",
                       b"Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked",
                       b"Transfer-Encoding: chunked\r\nContent-Length: 5", b"Content-Length: 5\r\nTransfer-Encoding: x",
                       b"Content-Length: 5, 5", b"Content-Length: 5\r\nContent-Length: 6",
                       b"X: y\r\n Content-Length: 5"):
            for method in (b"GET /metrics", b"POST /-/reload"):
                with self.subTest(method=method, fields=fields):
                    answer = raw(method + b" HTTP/1.1\r\nHost: a\r\n" + fields + b"\r\n\r\n" + smuggled)
                    self.assertIn(answer.split()[1], (b"400", b"501"))
                    self.assertEqual(answer.count(b"HTTP/1.1 "), 1, answer)
        self.assertEqual(status(b"POST /-/reload HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 400)

    def test_line_feed_in_a_chunk_extension_is_refused(self):
        for method in (b"GET /metrics", b"POST /-/reload"):
            with self.subTest(method=method):
                self.assertEqual(status(method + b" HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                                        b"5;a=\"\n\"\r\n12345\r\n0\r\n\r\n"), 400)

    def test_body_that_no_path_needs_is_not_read(self):
        smuggled = b"GET /-/healthy HTTP/1.1\r\nHost: a\r\n\r\n"
        answer = raw(b"GET /-/ready HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n" + smuggled)
        self.assertEqual(answer.split()[1], b"200")
        self.assertEqual(answer.count(b"HTTP/1.1 "), 1)

    def test_client_that_expects_to_continue_is_told_to_or_gets_the_final_status(self):
        expects = b" HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: "
        with socket.create_connection(("127.0.0.1", PORT), timeout=60) as connection:
            connection.sendall(b"POST /-/reload" + expects + b"5\r\n\r\n")
            self.assertEqual(connection.recv(4096), b"HTTP/1.1 100 Continue\r\n\r\n")
            connection.sendall(b"12345")
            self.assertTrue(connection.recv(4096).startswith(b"HTTP/1.1 403 "))
        self.assertEqual(status(b"GET /-/ready" + expects + b"5\r\n\r\n"), 200)
        self.assertEqual(status(b"POST /-/reload" + expects + b"1000000\r\n\r\n"), 413)

    def test_host_with_a_space_is_refused(self):
        self.assertEqual(status(b"GET /-/ready HTTP/1.1\r\nHost: a b\r\n\r\n"), 400)

    def test_empty_lines_before_a_request_are_skipped(self):
        self.assertEqual(status(b"\r\n\r\nGET /-/ready HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"), 200)

    def test_options_of_any_path_is_answered_with_the_methods(self):
        for path, methods in (("/", "GET, HEAD, OPTIONS"), ("/metrics", "GET, HEAD, OPTIONS"),
                              ("/-/reload", "POST, PUT, OPTIONS"), ("/nothing", "GET, HEAD, OPTIONS"),
                              ("*", "GET, HEAD, OPTIONS")):
            with self.subTest(path=path):
                response = self.exporter.get(path, method="OPTIONS")
                self.assertEqual((response.status, response.getheader("Allow"), response.body), (204, methods, b""))
                self.assertIsNone(response.getheader("Content-Length"))
        # As HAProxy checks a server.
        self.assertEqual(status(b"OPTIONS / HTTP/1.0\r\n\r\n"), 204)

    def test_path_with_a_slash_after_it_is_redirected(self):
        response = self.exporter.get("/metrics/")
        self.assertEqual((response.status, response.getheader("Location")), (308, "/metrics"))

    def test_landing_page_works_below_a_prefix(self):
        links = re.findall('href="([^"]*)"', self.exporter.get("/").text)
        self.assertEqual({urllib.parse.urljoin("http://proxy/host-1/", link) for link in links},
                         {f"http://proxy/host-1/{path}" for path in ("metrics", "-/healthy", "-/ready")})

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

    def _refusal(self, *flags):
        """What the exporter says when it does not start."""
        refused = subprocess.run([BINARY, *flags], capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(refused.returncode, 1, refused.stderr)
        return refused.stderr

    def test_star_is_every_address(self):
        with Exporter(flags=["--web.listen-address=*:9995"]):
            for address in ("127.0.0.1", "127.1.2.3"):
                with socket.create_connection((address, 9995), timeout=60) as connection:
                    connection.sendall(b"GET /-/healthy HTTP/1.0\r\n\r\n")
                    self.assertIn(b" 200 ", connection.recv(4096))

    def test_name_of_which_one_address_is_taken_is_refused(self):
        with tempfile.NamedTemporaryFile("w") as hosts, socket.create_server(("127.0.0.1", 9995)):
            hosts.write("::1 both.test\n127.0.0.1 both.test\n")
            hosts.flush()
            refused = subprocess.run(["unshare", "--mount", "sh", "-c",
                                      f'mount --bind {hosts.name} /etc/hosts && exec "$@"', "sh", BINARY,
                                      "--web.listen-address=both.test:9995"],
                                     capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(refused.returncode, 1, refused.stderr)
        self.assertIn("in use", refused.stderr)

    def test_name_is_served_on_those_of_its_addresses_that_the_host_has(self):
        with tempfile.NamedTemporaryFile("w") as hosts:
            hosts.write("::1 both.test\n127.0.0.1 both.test\n")
            hosts.flush()
            without_ipv6 = ["unshare", "--net", "--mount", "sh", "-c",
                            "ip link set lo up && echo 1 >/proc/sys/net/ipv6/conf/lo/disable_ipv6 && "
                            f'mount --bind {hosts.name} /etc/hosts && exec "$@"', "sh"]
            with Exporter(flags=["--web.listen-address=both.test:9995"], before=without_ipv6, wait=False) as exporter:
                wait_for(lambda: "listening" in exporter.log(), "the exporter listens")
                # In a network namespace that the test is not in.
                answer = subprocess.run(["nsenter", "--target", str(exporter.process.pid), "--net", "curl", "--silent",
                                         "--fail", "http://127.0.0.1:9995/-/healthy"], timeout=60, check=False)
                self.assertEqual(answer.returncode, 0, exporter.log())
                self.assertNotIn("[::1]:9995", exporter.log())

    def test_address_that_cannot_be_listened_on_is_explained(self):
        with tempfile.NamedTemporaryFile() as file:
            self.assertIn("is not a socket", self._refusal(f"--web.listen-address=unix:{file.name}"))
        self.assertIn("create the directory", self._refusal("--web.listen-address=unix:/nowhere/socket"))
        self.assertIn("no scheme", self._refusal("--web.listen-address=tcp://:9992"))

    def test_unix_socket_that_is_bound_and_does_not_listen_yet_is_left_alone(self):
        with tempfile.TemporaryDirectory() as directory, socket.socket(socket.AF_UNIX) as other:
            path = os.path.join(directory, "socket")
            other.bind(path)
            self.assertIn("another process has bound this socket", self._refusal(f"--web.listen-address=unix:{path}"))
            other.listen()
            with socket.socket(socket.AF_UNIX) as client:
                client.connect(path)

    def test_telemetry_path_may_be_the_root(self):
        with Exporter(flags=["--web.telemetry-path=/"]) as exporter:
            self.assertIn("mqueue_exporter_build_info", exporter.get("/").text)
            self.assertEqual(exporter.get("/metrics").status, 404)
        for path in ("//", "/..", "/./x"):
            self.assertIn("segment", self._refusal(f"--web.telemetry-path={path}"))

    def test_telemetry_path_can_be_moved(self):
        with Exporter(flags=["--web.telemetry-path=/queues"]) as exporter:
            self.assertEqual(exporter.get("/queues").status, 200)
            self.assertEqual(exporter.get("/metrics").status, 404)


class ProtocolTest(unittest.TestCase):

    def test_tls_clients_that_ask_get_http_1_1(self):
        with Authority() as authority:
            server = authority.issue("server", "IP:127.0.0.1")
            web = f"tls_server_config: {{cert_file: {server.file}, key_file: {server.key}}}\n"
            with Exporter(web=web, client=authority.client()):
                for offered, chosen in ((["h2", "http/1.1"], "http/1.1"), (["http/1.0"], "http/1.0"), ([], None)):
                    self.assertEqual(self._protocol(authority.client(), offered), chosen)
                with self.assertRaises(ssl.SSLError):
                    self._protocol(authority.client(), ["h2"])

    def _protocol(self, context, offered):
        if offered:
            context.set_alpn_protocols(offered)
        with socket.create_connection(("127.0.0.1", PORT), timeout=60) as connection:
            with context.wrap_socket(connection, server_hostname="127.0.0.1") as client:
                client.sendall(b"GET /-/healthy HTTP/1.1\r\nHost: a\r\n\r\n")
                self.assertIn(b" 200 ", client.recv(4096))
                return client.selected_alpn_protocol()


if __name__ == "__main__":
    main()

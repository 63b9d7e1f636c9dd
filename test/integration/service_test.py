"""The manners of a service: how it starts, ends and tells its manager."""

import contextlib
import fcntl
import json
import os
import re
import signal
import socket
import subprocess
import tempfile
import unittest

from support.exporter import BINARY, FAST, PORT, Exporter
from support.runner import main
from support.sysv_queue import SysvQueue
from support.waiting import wait_for

NOBODY = 65534


class ServiceTest(unittest.TestCase):

    def test_sigterm_and_sigint_end_it_with_success(self):
        for ending in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(ending=ending), Exporter() as exporter:
                exporter.process.send_signal(ending)
                self.assertEqual(exporter.process.wait(timeout=120), 0)

    def test_request_in_flight_is_finished_before_it_ends(self):
        with Exporter() as exporter, socket.create_connection(("127.0.0.1", PORT), timeout=60) as client:
            client.sendall(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n")
            # A whole request over another connection proves that the half one has been read.
            exporter.get("/-/healthy")
            exporter.process.send_signal(signal.SIGTERM)
            client.sendall(b"Connection: close\r\n\r\n")
            answer = b""
            while chunk := client.recv(65536):
                answer += chunk
            self.assertEqual(exporter.process.wait(timeout=120), 0)
        self.assertIn(b" 200 ", answer.splitlines()[0])
        self.assertIn(b"mqueue_exporter_build_info", answer)

    def test_client_that_never_finishes_does_not_keep_it(self):
        with Exporter() as exporter, socket.create_connection(("127.0.0.1", PORT), timeout=60) as client:
            client.sendall(b"GET /metrics HTTP/1.1\r\n")
            exporter.get("/-/healthy")
            self.assertEqual(exporter.stop(), 0)

    def test_port_in_use_is_one_clear_line(self):
        with Exporter():
            done = subprocess.run([BINARY, f"--web.listen-address=127.0.0.1:{PORT}"], capture_output=True, text=True,
                                  timeout=120, check=False)
        self.assertEqual(done.returncode, 1)
        lines = [line for line in (done.stdout + done.stderr).splitlines() if "level=error" in line]
        self.assertEqual(len(lines), 1, done.stdout + done.stderr)
        self.assertIn(f"127.0.0.1:{PORT}", lines[0])

    def test_log_is_json_where_that_is_asked_for(self):
        with Exporter(flags=["--log.format=json"]) as exporter:
            exporter.stop()
            lines = exporter.log().splitlines()
        self.assertTrue(lines)
        for line in lines:
            self.assertIsInstance(json.loads(line), dict)

    def test_rounds_leave_no_line_in_the_log(self):
        with Exporter() as exporter:
            exporter.wait_for_rounds(1)
            before = exporter.log()
            exporter.wait_for_rounds(10)
            self.assertEqual(exporter.log(), before)


    def test_errors_in_flags_have_the_format_that_the_flags_ask_for(self):
        for flags in (["--log.format=json", "--nonsense"], ["--log.level=loud", "--log.format", "json"]):
            with self.subTest(flags=flags):
                done = subprocess.run([BINARY, *flags], capture_output=True, text=True, timeout=120, check=False)
                self.assertEqual(done.returncode, 1)
                line = json.loads(done.stderr)
                self.assertEqual(line["level"], "error")
                self.assertTrue(line["error"])
        done = subprocess.run([BINARY, "--nonsense"], capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertTrue(done.stderr.startswith("mqueue_exporter: unknown flag"))


class StandardStreamsTest(unittest.TestCase):
    """What happens when nobody reads the log."""

    def _pipe(self):
        """A pipe of 4 KiB. Its reading end is closed by the test, or when the test ends."""
        reader, writer = os.pipe()
        fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4096)
        self.addCleanup(os.close, writer)
        return reader, writer

    def _full_pipe(self):
        reader, writer = self._pipe()
        self.addCleanup(os.close, reader)
        os.set_blocking(writer, False)
        with contextlib.suppress(BlockingIOError):
            while True:
                os.write(writer, b"\n" * 4096)
        os.set_blocking(writer, True)
        return reader, writer

    def _exporter_of_unreadable_queues(self, stderr):
        for key in range(1, 601):
            queue = SysvQueue(key, mode=0o600)
            self.addCleanup(queue.remove)
        return Exporter(config="interval: 100ms\nreader: msg_copy\n", user=NOBODY, stderr=stderr,
                        flags=["--web.enable-lifecycle"])

    def _log_more_than_fits(self, exporter):
        """Each reload is a line of the log. Returns when the exporter says that lines were dropped."""
        for _ in range(700):
            self.assertEqual(exporter.get("/-/reload", method="POST").status, 200)
        exporter.wait_for_exposition(lambda seen: seen.value("mqueue_exporter_log_lines_dropped_total") > 0,
                                     "lines are dropped")

    def test_full_pipe_as_stderr_stops_neither_scrapes_nor_the_end(self):
        _, writer = self._full_pipe()
        with self._exporter_of_unreadable_queues(writer) as exporter:
            seen = exporter.scrape()
            self.assertEqual([sample.value for sample in seen.series("mqueue_up")], [0] * 600)
            self.assertEqual(seen.value("mqueue_exporter_log_lines_dropped_total"), 0)
            self._log_more_than_fits(exporter)
            self.assertEqual(exporter.stop(), 0)

    def test_log_says_how_many_lines_were_dropped_when_it_is_read_again(self):
        reader, writer = self._full_pipe()
        with self._exporter_of_unreadable_queues(writer) as exporter:
            self._log_more_than_fits(exporter)
            os.set_blocking(reader, False)
            log = bytearray()

            def says_so():
                with contextlib.suppress(BlockingIOError):
                    log.extend(os.read(reader, 65536))
                return re.search(rb'level=warning msg="log lines dropped" lines="\d+"', log)
            wait_for(says_so, "the log says that lines were dropped")
            self.assertEqual(exporter.stop(), 0)
        # All that it wrote up to its end is in the pipe.
        self.assertIn(b'msg="stopped"', os.read(reader, 65536))

    def test_stderr_whose_reader_is_gone_does_not_end_it(self):
        reader, writer = self._pipe()
        try:
            exporter = Exporter(stderr=writer, flags=["--web.enable-lifecycle"])
        finally:
            os.close(reader)
        with exporter:
            self.assertEqual(exporter.get("/-/reload", method="POST").status, 200)
            exporter.wait_for_exposition(lambda seen: seen.value("mqueue_exporter_log_lines_dropped_total") > 0,
                                         "the line is dropped")
            self.assertEqual(exporter.stop(), 0)

    def test_closed_standard_streams_are_opened_on_dev_null(self):
        for closed in ([0], [1], [2], [0, 1, 2]):
            redirect = " ".join(f"{stream}>&-" for stream in closed)
            with self.subTest(redirect=redirect), Exporter(redirect=redirect) as exporter:
                for stream in closed:
                    self.assertEqual(os.readlink(f"/proc/{exporter.process.pid}/fd/{stream}"), "/dev/null")
                self.assertEqual(exporter.scrape().value("mqueue_exporter_log_lines_dropped_total"), 0)
                self.assertEqual(exporter.stop(), 0)


class NotifyTest(unittest.TestCase):

    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.addCleanup(self.directory.cleanup)
        path = os.path.join(self.directory.name, "notify")
        self.manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(self.manager.close)
        self.manager.bind(path)
        self.manager.settimeout(120)
        self.env = {"NOTIFY_SOCKET": path}

    def _next(self):
        """The next message that is no watchdog ping, as a mapping."""
        while True:
            message = dict(line.split("=", 1) for line in self.manager.recv(4096).decode().splitlines())
            if "WATCHDOG" not in message:
                return message

    def test_manager_is_told_of_ready_reloading_and_stopping(self):
        with Exporter(env=self.env) as exporter:
            self.assertEqual(self._next().get("READY"), "1")
            exporter.reload()
            reloading = self._next()
            self.assertEqual(reloading.get("RELOADING"), "1")
            # Type=notify-reload wants the time with it.
            self.assertTrue(re.fullmatch(r"\d+", reloading.get("MONOTONIC_USEC", "")))
            self.assertEqual(self._next().get("READY"), "1")
            exporter.stop()
            self.assertEqual(self._next().get("STOPPING"), "1")

    def test_manager_hears_ready_only_when_metrics_are_served(self):
        with Exporter(env=self.env, wait=False) as exporter:
            self.assertEqual(self._next().get("READY"), "1")
            self.assertEqual(exporter.get("/metrics").status, 200)

    def test_watchdog_is_fed_where_the_manager_wants_it(self):
        with Exporter(config=FAST, env=self.env | {"WATCHDOG_USEC": "500000"}):
            pings = 0
            while pings < 3:
                pings += b"WATCHDOG=1" in self.manager.recv(4096)


if __name__ == "__main__":
    main()

"""Rounds that hang. A FIFO mounted over a file of /proc stands for a call that does not return: opening it to read blocks
until a process opens it to write."""

import errno
import os
import signal
import socket
import subprocess
import tempfile
import time
import unittest

from support.exporter import FAST, PORT, Exporter
from support.posix_queue import PosixQueue
from support.runner import main
from support.waiting import wait_for

# Discovery reads the one in each round, rendering the other.
IN_DISCOVERY = "/proc/sys/fs/mqueue/queues_max"
IN_RENDERING = "/proc/stat"


class Hang:
    """Blocks the exporter's threads that open `path`, from the `with` until release() or the end of the `with`."""

    def __init__(self, exporter, path):
        self._in_its_mounts = ["nsenter", f"--mount=/proc/{exporter.process.pid}/ns/mnt"]
        self._path = path
        self._directory = tempfile.TemporaryDirectory()
        self._fifo = os.path.join(self._directory.name, "fifo")
        os.mkfifo(self._fifo)

    def __enter__(self):
        subprocess.run([*self._in_its_mounts, "mount", "--bind", self._fifo, self._path], check=True)
        self._mounted = True
        return self

    def __exit__(self, *_):
        self.release()
        self._directory.cleanup()

    def release(self):
        if not self._mounted:
            return
        self._mounted = False
        # Fails when the exporter has ended, and its mounts with it.
        subprocess.run([*self._in_its_mounts, "umount", "--lazy", self._path], check=False, stderr=subprocess.DEVNULL)
        try:
            os.close(os.open(self._fifo, os.O_WRONLY | os.O_NONBLOCK))
        except OSError as error:
            if error.errno != errno.ENXIO:
                raise


def abandoned(seen, reason):
    return seen.value("mqueue_exporter_rounds_abandoned_total", reason=reason)


class HangingRoundsTest(unittest.TestCase):

    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.addCleanup(self.directory.cleanup)
        path = os.path.join(self.directory.name, "notify")
        self.manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(self.manager.close)
        self.manager.bind(path)
        self.env = {"NOTIFY_SOCKET": path, "WATCHDOG_USEC": "1000000"}

    def _notifications(self, seconds):
        """What the exporter tells its manager in that time."""
        end = time.monotonic() + seconds
        told = b""
        while (left := end - time.monotonic()) > 0:
            self.manager.settimeout(left)
            try:
                told += self.manager.recv(4096) + b"\n"
            except TimeoutError:
                break
        return told

    def test_hanging_discovery_is_counted_reported_and_survived(self):
        with PosixQueue(b"/before"), Exporter(FAST, env=self.env) as exporter:
            with Hang(exporter, IN_DISCOVERY) as hang:
                seen = exporter.wait_for_exposition(lambda seen: abandoned(seen, "discovery") > 2, "abandoned rounds")
                # What was known is still shown.
                self.assertEqual(seen.queues(), {"/before"})
                self.assertIn('msg="round abandoned', exporter.log())
                self.assertIn('reason="discovery"', exporter.log())

                wait_for(lambda: exporter.get("/-/ready").status == 503, "the exporter is not ready")
                self.assertIn("no round has finished for", exporter.get("/-/ready").text)
                self.assertEqual(exporter.get("/-/healthy").status, 503)
                self._notifications(1)
                # Twice a second while rounds finish.
                self.assertNotIn(b"WATCHDOG", self._notifications(5))
                last = exporter.scrape().value("mqueue_exporter_last_round_timestamp_seconds")

                hang.release()
                exporter.wait_until_ready()
                wait_for(lambda: b"WATCHDOG" in self._notifications(1), "the watchdog is fed again")
            self.assertEqual(exporter.get("/-/healthy").status, 200)
            with PosixQueue(b"/after"):
                seen = exporter.wait_for_exposition(lambda seen: seen.queues() == {"/before", "/after"}, "both queues")
            self.assertGreater(seen.value("mqueue_exporter_last_round_timestamp_seconds"), last)
            self.assertIn('msg="rounds finish again"', exporter.log())
            self.assertEqual(exporter.stop(), 0)

    def test_hanging_rendering_is_counted_once_it_returns(self):
        with Exporter(FAST) as exporter:
            with Hang(exporter, IN_RENDERING):
                # The old text is still served.
                wait_for(lambda: 'reason="rendering"' in exporter.log(), "an abandoned round")
                self.assertEqual(abandoned(exporter.scrape(), "rendering"), 0)
            exporter.wait_for_exposition(lambda seen: abandoned(seen, "rendering") > 0, "the lost rounds")
            exporter.wait_for_rounds(2)

    def test_sigterm_ends_it_whatever_hangs(self):
        for path, thread in ((IN_DISCOVERY, "discovery"), (IN_RENDERING, "rendering")):
            with self.subTest(thread=thread), Exporter(FAST, env=self.env) as exporter, Hang(exporter, path):
                wait_for(lambda: f'reason="{thread}"' in exporter.log(), "an abandoned round")
                self._notifications(0.1)
                exporter.process.send_signal(signal.SIGTERM)
                self.assertEqual(exporter.process.wait(timeout=120), 1)
                self.assertIn(f'threads="{thread}"', exporter.log().splitlines()[-1])
                self.assertIn(b"STOPPING=1", self._notifications(0.1))
                with socket.socket() as client:
                    self.assertEqual(client.connect_ex(("127.0.0.1", PORT)), errno.ECONNREFUSED)

    def test_reloads_start_no_work_beside_a_discovery_that_hangs(self):
        with Exporter(FAST) as exporter:
            threads = exporter.scrape().value("process_threads")
            with Hang(exporter, IN_DISCOVERY):
                exporter.wait_for_exposition(lambda seen: abandoned(seen, "discovery") > 0, "an abandoned round")
                for _ in range(20):
                    exporter.reload()
                    exporter.get("/metrics")
                self.assertEqual(exporter.scrape().value("process_threads"), threads)
            exporter.wait_for_rounds(2)


if __name__ == "__main__":
    main()

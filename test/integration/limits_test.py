"""More queues, messages and descriptors than there is room for."""

import contextlib
import itertools
import os
import re
import resource
import socket
import subprocess
import threading
import time
import unittest

from support.exporter import BINARY, FAST, PORT, Exporter
from support.isolation import set_limit
from support.posix_queue import PosixQueue
from support.runner import main
from support.sysv_queue import SysvQueue
from support.waiting import wait_for


def cpu_share(process, seconds):
    """The part of one core that the process uses, all threads together, over at least that time."""
    def used():
        with open(f"/proc/{process.pid}/stat", encoding="utf-8") as stat:
            fields = stat.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    began, before = time.monotonic(), used()
    time.sleep(seconds)
    return (used() - before) / (time.monotonic() - began)


class LimitsTest(unittest.TestCase):

    def _make(self, make, numbers):
        queues = []
        self.addCleanup(lambda: [queue.remove() for queue in queues])
        for number in numbers:
            queues.append(make(number))
        return queues

    def test_two_thousand_queues_of_each_kind_fit(self):
        set_limit("fs/mqueue/queues_max", 2000)
        self._make(lambda number: PosixQueue(b"/q%04d" % number, maxmsg=1, msgsize=8), range(2000))
        self._make(lambda number: SysvQueue(number + 1), range(2000))
        with Exporter("interval: 1s\nlimits: {max_queues: 5000}\npeek: {cpu_budget: 1}\n") as exporter:
            seen = exporter.wait_for_exposition(lambda seen: len(seen.series("mqueue_messages")) == 4000,
                                                "4,000 queues")
            self.assertEqual(seen.value("mqueue_exporter_queues", ipc="posix"), 2000)
            self.assertEqual(seen.value("mqueue_exporter_queues", ipc="sysv"), 2000)
            self.assertEqual(exporter.stop(), 0)

    def test_rounds_come_later_when_they_use_more_than_the_cpu_budget(self):
        self._make(lambda number: SysvQueue(number + 1), range(8000))
        with Exporter(FAST + "peek: {cpu_budget: 0.03}\n") as exporter:
            share = cpu_share(exporter.process, 10)
            seen = exporter.scrape()
        self.assertGreater(seen.value("mqueue_exporter_round_stretch_seconds"), 0)
        # Without the pauses it uses more than ten times as much. Every queue is read all the same.
        self.assertLess(share, 0.06)
        self.assertEqual(seen.value("mqueue_exporter_queues", ipc="sysv"), 8000)

    def test_queues_beyond_the_limit_are_summed_up(self):
        queues = self._make(lambda number: SysvQueue(number + 1), range(20))
        for queue in queues[:8]:
            queue.send(b"xyz")
        with Exporter(FAST + "limits: {max_queues: 5}\n") as exporter:
            seen = exporter.scrape()
        self.assertEqual(len(seen.series("mqueue_up")), 5)
        self.assertEqual({sample.value for sample in seen.series("mqueue_messages")}, {1})
        self.assertEqual(seen.value("mqueue_exporter_queues_skipped", reason="limit"), 15)
        self.assertEqual(seen.value("mqueue_other_queues", ipc="sysv"), 15)
        self.assertEqual(seen.value("mqueue_other_messages", ipc="sysv"), 3)

    def test_rule_with_a_short_interval_costs_no_more_than_its_own_looks(self):
        self._make(lambda number: SysvQueue(number + 1), range(3000))
        without = "interval: 5s\npeek: {cpu_budget: 1}\n"
        rule = "queues: [{match: '0x00000001', interval: 100ms}]\n"
        shares = {}
        for config in (without, without + rule):
            with Exporter(config) as exporter:
                exporter.wait_for_rounds(0)
                before = exporter.scrape().value("mqueue_exporter_looks_total")
                shares[config] = cpu_share(exporter.process, 15)
                exporter.wait_for_rounds(0)
                looks = exporter.scrape().value("mqueue_exporter_looks_total") - before
        # The last one had the rule: its looks come on top of a few rounds of 3,000.
        self.assertGreater(looks % 3000, 30)
        # As fast as the rule, rounds alone would use a multiple of this.
        self.assertLess(shares[without + rule], shares[without] + 0.03)

    def test_exporter_without_a_free_descriptor_says_so_and_recovers(self):
        with PosixQueue(b"/orders"), SysvQueue(1), Exporter() as exporter:
            with contextlib.closing(exporter.connect()) as client:
                exporter.scrape_over(client)
                before = resource.prlimit(exporter.process.pid, resource.RLIMIT_NOFILE)
                resource.prlimit(exporter.process.pid, resource.RLIMIT_NOFILE, (3, before[1]))
                starved = wait_for(
                    lambda: (seen := exporter.scrape_over(client)).value("mqueue_up", ipc="posix") == 0 and seen,
                    "a look without a descriptor")
                resource.prlimit(exporter.process.pid, resource.RLIMIT_NOFILE, before)
                wait_for(lambda: exporter.scrape_over(client).value("mqueue_up", ipc="posix") == 1, "looks that work")
        self.assertGreater(starved.value("mqueue_exporter_look_errors_total", reason="descriptors"), 0)
        # This one takes no descriptor.
        self.assertEqual(starved.value("mqueue_up", ipc="sysv"), 1)

    def test_idle_clients_never_take_the_descriptors_that_looks_need(self):
        with PosixQueue(b"/orders"), Exporter(nofile=40) as exporter, contextlib.ExitStack() as idle:
            for _ in range(100):
                idle.enter_context(socket.create_connection(("127.0.0.1", PORT)))
            for _ in range(10):
                exporter.wait_for_rounds(1)
                seen = exporter.scrape()
                self.assertEqual(seen.value("mqueue_up"), 1)
            self.assertEqual(seen.value("mqueue_exporter_look_errors_total", reason="descriptors"), 0)
            self.assertEqual(seen.value("mqueue_exporter_descriptors_limit_connections"), 1)
            self.assertIn("the limit of open files allows fewer connections than configured", exporter.log())

    def test_enough_descriptors_leave_the_connections_as_configured(self):
        with Exporter(nofile=1024) as exporter:
            self.assertEqual(exporter.scrape().value("mqueue_exporter_descriptors_limit_connections"), 0)
            self.assertNotIn("fewer connections", exporter.log())

    def test_every_limit_of_descriptors_serves_or_says_what_to_raise(self):
        for nofile, bpf in itertools.product((*range(8, 40, 4), 40, 41, 50), (False, True)):
            with self.subTest(nofile=nofile, bpf=bpf), Exporter(nofile=nofile, bpf=bpf, wait=False) as exporter:
                def served_or_ended(exporter=exporter):
                    if exporter.process.poll() is not None:
                        return True
                    with contextlib.suppress(OSError):
                        return exporter.get("/-/ready").status == 200
                    return False
                wait_for(served_or_ended, "an exporter that serves or has ended")
                if exporter.process.poll() is not None:
                    self.assertLess(nofile, 40, exporter.log())
                    self.assertEqual(exporter.process.returncode, 1, exporter.log())
                    needed = int(re.search("limit of open files is .* needs at least ([0-9]+); raise it", exporter.log())[1])
                    with Exporter(nofile=needed, bpf=bpf) as enough:
                        self.assertEqual(enough.stop(), 0)

    def test_log_file_at_its_greatest_size_loses_lines_and_nothing_else(self):
        with Exporter(before=["prlimit", "--fsize=1000"]) as exporter:
            for _ in range(20):
                exporter.reload()
                exporter.wait_for_rounds(1)
            wait_for(lambda: exporter.scrape().value("mqueue_exporter_log_lines_dropped_total") > 0, "a dropped line")
            self.assertEqual(exporter.stop(), 0)

    def test_check_of_permissions_says_what_to_raise_without_descriptors_for_bpf(self):
        if not os.path.exists("/sys/kernel/btf/vmlinux"):
            self.skipTest("no kernel types")
        checked = subprocess.run(["prlimit", "--nofile=12", BINARY, "--check-permissions"], capture_output=True, text=True,
                                 timeout=60, check=False)
        self.assertNotIn("older than 6.1", checked.stdout + checked.stderr)

    def test_queue_that_is_filled_and_drained_while_walked_is_read(self):
        with SysvQueue(1) as queue, Exporter(FAST + "peek: {cpu_budget: 1}\n") as exporter:
            stop = threading.Event()

            def churn():
                number = 0
                while not stop.is_set():
                    for _ in range(200):
                        queue.send(b"%d" % number, number % 5 + 1)
                        number += 1
                    for _ in range(200):
                        queue.receive()
            thread = threading.Thread(target=churn)
            thread.start()
            try:
                for _ in range(30):
                    exporter.wait_for_rounds(1)
                    seen = exporter.scrape()
                    self.assertEqual(seen.value("mqueue_up"), 1)
                    self.assertLessEqual(seen.value("mqueue_messages"), 200)
                    self.assertLessEqual(seen.value("mqueue_message_type_gcount"), 256)
            finally:
                stop.set()
                thread.join()
            exporter.wait_for_exposition(lambda seen: seen.value("mqueue_messages") == 0, "the drained queue")


if __name__ == "__main__":
    main()

"""More queues, messages and descriptors than there is room for."""

import contextlib
import resource
import socket
import threading
import unittest

from support.exporter import FAST, PORT, Exporter
from support.isolation import set_limit
from support.posix_queue import PosixQueue
from support.runner import main
from support.sysv_queue import SysvQueue
from support.waiting import wait_for


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

    def test_clients_that_take_every_descriptor_do_not_stop_the_looks(self):
        with PosixQueue(b"/orders"), Exporter(nofile=64) as exporter, contextlib.ExitStack() as idle:
            for _ in range(100):
                idle.enter_context(socket.create_connection(("127.0.0.1", PORT)))
            exporter.wait_for_rounds(3)
            # A look that comes just when the last one is taken fails; the next one works.
            exporter.wait_for_exposition(lambda seen: seen.value("mqueue_up") == 1, "a look that works")

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

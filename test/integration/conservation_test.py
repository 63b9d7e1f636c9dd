"""The exporter only looks: every message arrives once and in order, and a queue that nobody touches stays as it is."""

import contextlib
import os
import subprocess
import threading
import unittest

from support.exporter import Exporter
from support.posix_queue import PosixQueue
from support.runner import main
from support.sysv_queue import SysvQueue

LOOK_LOOP = os.path.abspath("test/integration/look_loop")
MESSAGES = 100_000
GREEDY = "interval: 100ms\nnamespaces: own\nreader: {reader}\npeek: {{max_messages: {{msg_copy: 65536}}, cpu_budget: 1}}\n"


def move(queue):
    """Sends MESSAGES numbered messages through the queue and returns what arrived, in the order of arrival."""
    def produce():
        for number in range(MESSAGES):
            queue.send(b"%d" % number)
    producer = threading.Thread(target=produce)
    producer.start()
    received = [int(queue.receive()[0]) for _ in range(MESSAGES)]
    producer.join()
    return received


@contextlib.contextmanager
def looking_without_pause(least, reader=None):
    """Readers that look all the time; at the end they must have looked `least` times each."""
    loops = [subprocess.Popen([LOOK_LOOP, *([reader] if reader else [])], stdout=subprocess.PIPE) for _ in range(2)]
    try:
        yield
    finally:
        for loop in loops:
            loop.terminate()
        looks = [int(loop.communicate()[0]) for loop in loops]
    assert min(looks) >= least, looks


class ConservationTest(unittest.TestCase):

    def _check_movement(self, queue, reader):
        with (Exporter(GREEDY.format(reader=reader), bpf=reader == "bpf") as exporter,
              looking_without_pause(least=1000, reader=reader)):
            looks = exporter.scrape().value("mqueue_exporter_looks_total")
            received = move(queue)
            exporter.wait_for_rounds(1)
            seen = exporter.scrape()
            self.assertGreater(seen.value("mqueue_exporter_looks_total"), looks + 2)
            self.assertEqual(seen.series("mqueue_queue_info")[0].labels["reader"], reader)
        self.assertEqual(received, list(range(MESSAGES)))

    def test_every_message_of_a_posix_queue_arrives_once_and_in_order(self):
        with PosixQueue(b"/moving", maxmsg=10, msgsize=16) as queue:
            for reader in ("attr", "bpf"):
                with self.subTest(reader=reader):
                    self._check_movement(queue, reader)

    def test_every_message_of_a_sysv_queue_arrives_once_and_in_order(self):
        with SysvQueue(1) as queue:
            # Short enough to be walked to its end thousands of times meanwhile.
            queue.set_bytes_limit(1024)
            for reader in ("msg_copy", "bpf"):
                with self.subTest(reader=reader):
                    self._check_movement(queue, reader)

    def test_idle_posix_queue_stays_as_it_is(self):
        for reader in ("attr", "bpf"):
            with self.subTest(reader=reader), PosixQueue(b"/idle") as queue, PosixQueue(b"/idle-empty") as empty:
                for priority in (0, 3, 3):
                    queue.send(b"x%d" % priority, priority)
                before = queue.state(), empty.state()
                queue.wait_for_new_second()
                with (Exporter(GREEDY.format(reader=reader), bpf=reader == "bpf") as exporter,
                      looking_without_pause(least=1000, reader=reader)):
                    exporter.wait_for_rounds(30)
                self.assertEqual((queue.state(), empty.state()), before)
                self.assertEqual([queue.receive() for _ in range(3)], [(b"x3", 3), (b"x3", 3), (b"x0", 0)])

    def test_idle_sysv_queue_stays_as_it_is(self):
        for reader in ("msg_copy", "msg_stat", "bpf"):
            with self.subTest(reader=reader), SysvQueue(1) as queue, SysvQueue(2) as empty:
                queue.send(b"received before", 1)
                queue.receive()
                messages = [(b"message %d" % number, number % 3 + 1) for number in range(50)]
                for payload, mtype in messages:
                    queue.send(payload, mtype)
                before = queue.state(), empty.state()
                with (Exporter(GREEDY.format(reader=reader), bpf=reader == "bpf") as exporter,
                      looking_without_pause(least=1000, reader=reader)):
                    exporter.wait_for_rounds(30)
                self.assertEqual((queue.state(), empty.state()), before)
                self.assertEqual([queue.receive() for _ in messages], messages)


if __name__ == "__main__":
    main()

"""Everything that wears the exporter out, at once: queues, waiters, namespaces, reloads, a log reader and clients that come,
stall and go. SOAK_SECONDS, 30 if it is not set, is how long it lasts.

Some queues stand still meanwhile. Each scrape must show of them exactly what they contain.
"""

import collections
import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import unittest

from support.exporter import MEMORY_COUNTS, PORT, Exporter
from support.isolation import ipc_namespace
from support.other_namespace import other_namespace
from support.posix_queue import PosixQueue
from support.process import status
from support.runner import main
from support.sysv_queue import SysvQueue
from support.waiting import wait_for

SECONDS = int(os.environ.get("SOAK_SECONDS", "30"))
CONFIG = "interval: {interval}\nnamespaces: all\nlimits: {{max_queues: 5000}}\n"

# Receivers that alternate between two queues: their entries move from one list of waiters to the other.
WAITERS = """
import sys, threading
from support.posix_queue import PosixQueue
from support.sysv_queue import SysvQueue
posix = [PosixQueue(b"/waited-%d" % i, maxmsg=1, msgsize=16) for i in range(2)]
sysv = [SysvQueue(0x7001 + i) for i in range(2)]
def receive(queues):
    while True:
        for queue in queues:
            queue.receive()
for i in range(40):
    threading.Thread(target=receive, args=(posix if i % 2 else sysv,), daemon=True).start()
print(flush=True)
turn = 0
while True:
    for queues in posix, sysv:
        queues[turn % 2].send(b"")
    turn += 1
"""


class EverythingAtOnceTest(unittest.TestCase):

    def setUp(self):
        self.counts = collections.Counter()
        self.errors = []
        self.end = threading.Event()
        self.random = random.Random(1)

    def _start(self, actor, *arguments):
        """Runs the actor again and again until the end."""
        def run():
            try:
                while not self.end.is_set():
                    actor(*arguments)
                    self.counts[actor.__name__.strip("_")] += 1
            except Exception as error:  # pylint: disable=broad-exception-caught
                self.errors.append(f"{actor.__name__}: {error!r}")
                self.end.set()
        thread = threading.Thread(target=run)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(self.end.set)
        return thread

    def _queues_come_and_go(self):
        number = self.random.randrange(50)
        with PosixQueue(b"/short-%d" % number, maxmsg=4, msgsize=32) as posix, SysvQueue() as sysv:
            for i in range(self.random.randrange(4)):
                posix.send(b"%d" % i, i)
                sysv.send(b"%d" % i, i + 1)
            self.end.wait(self.random.random() / 20)

    def _messages_move(self, queue):
        """Each message must arrive once, and in order."""
        for number in range(3):
            queue.send(b"%d" % (self.counts["messages_move"] + number))
        for number in range(3):
            received = int(queue.receive()[0])
            if received != self.counts["messages_move"] + number:
                raise AssertionError(f"message {received}")

    def _namespaces_come_and_go(self):
        with other_namespace("PosixQueue(b'/elsewhere').send(b'x', 3); SysvQueue(5).send(b'x')"):
            self.end.wait(0.2)

    def _waiters_come_and_go(self):
        with subprocess.Popen(["unshare", "--ipc", sys.executable, "-c", WAITERS], stdout=subprocess.PIPE,
                              env=os.environ | {"PYTHONPATH": ":".join(sys.path)}) as waiters:
            waiters.stdout.readline()
            self.end.wait(self.random.random() * 2)
            # Entries of stopped waiters stay in the lists.
            waiters.send_signal(signal.SIGSTOP)
            self.end.wait(self.random.random())
            waiters.kill()

    def _reloads(self, exporter):
        exporter.write_config(CONFIG.format(interval=self.random.choice(("100ms", "200ms", "1s"))))
        exporter.reload()
        self.end.wait(0.3)

    def _clients_come_stall_and_go(self):
        with contextlib.ExitStack() as stack, contextlib.suppress(OSError):
            for text in (b"", b"GET /metr", b"GET /metrics HTTP/1.1\r\nHost: h\r\n\r\n" * 3, b"POST /metrics HTTP/1.1\r\n"
                         b"Host: h\r\nTransfer-Encoding: chunked, identity\r\n\r\n", os.urandom(500)):
                client = stack.enter_context(socket.create_connection(("127.0.0.1", PORT), timeout=10))
                client.sendall(text)
            self.end.wait(self.random.random() / 2)

    def _log_is_read_and_not_read(self, log):
        self.end.wait(self.random.random() * 5)
        os.set_blocking(log.fileno(), False)
        for _ in range(200):
            self.counts["log bytes"] += len(log.read(65536) or b"")
            self.end.wait(0.01)

    def _check(self, exporter, still):
        """One scrape: the queues that stand still are shown as they are, and rounds end."""
        seen = exporter.scrape()
        own = ipc_namespace()
        for name, messages, head in still:
            labels = {"queue": name, "ipc_namespace": own}
            shown = (seen.value("mqueue_messages", **labels), seen.value("mqueue_head_message_priority", **labels))
            if shown != (messages, head):
                raise AssertionError(f"{name}: {shown}, not {(messages, head)}")
        last = seen.value("mqueue_exporter_last_round_timestamp_seconds")
        self.counts["rounds seen"] += last != self.last_round
        self.last_round = last
        if exporter.get("/-/ready").status != 200:
            raise AssertionError("not ready")

    @staticmethod
    def _descriptors(exporter):
        return len(os.listdir(f"/proc/{exporter.process.pid}/fd"))

    @staticmethod
    def _memory(exporter):
        return int(status(exporter.process.pid)["VmRSS"].split()[0]) << 10

    def test_numbers_stay_right_and_nothing_leaks(self):
        self.last_round = None
        posix = self.enterContext(PosixQueue(b"/still", maxmsg=6, msgsize=32))
        sysv = self.enterContext(SysvQueue(0x57111))
        for i in range(5):
            posix.send(b"%d" % i, (i * 7) % 5)
            sysv.send(b"%d" % i, i + 3)
        still = (("/still", 5, 4), (sysv.label, 5, 3))
        moving = self.enterContext(PosixQueue(b"/moving", maxmsg=4, msgsize=32))
        read_end, write_end = os.pipe()
        log = self.enterContext(os.fdopen(read_end, "rb", buffering=0))
        with Exporter(CONFIG.format(interval="100ms"), bpf=True, stderr=write_end) as exporter:
            os.close(write_end)
            exporter.wait_for_rounds(3)
            self._check(exporter, still)
            descriptors, memory = self._descriptors(exporter), self._memory(exporter)
            actors = [self._start(self._queues_come_and_go), self._start(self._messages_move, moving),
                      self._start(self._namespaces_come_and_go), self._start(self._waiters_come_and_go),
                      self._start(self._reloads, exporter), self._start(self._clients_come_stall_and_go),
                      self._start(self._log_is_read_and_not_read, log), self._start(self._check, exporter, still)]
            self.end.wait(SECONDS)
            self.end.set()
            for actor in actors:
                actor.join()
            self.assertEqual(self.errors, [])
            wait_for(lambda: self._descriptors(exporter) <= descriptors, f"no more than {descriptors} descriptors")
            seen = exporter.scrape()
            abandoned = sum(sample.value for sample in seen.series("mqueue_exporter_rounds_abandoned_total"))
            dropped = seen.value("mqueue_exporter_log_lines_dropped_total")
            grown = self._memory(exporter) - memory
            print(f"{SECONDS} s: {dict(self.counts)}, {abandoned:.0f} rounds abandoned, {dropped:.0f} log lines dropped, "
                  f"{descriptors} descriptors, memory grew by {grown >> 10} KiB", file=sys.stderr)
            if MEMORY_COUNTS:
                self.assertLess(grown, 64 << 20)
            self.assertEqual(exporter.stop(), 0)
        for actor in ("check", "messages_move", "queues_come_and_go", "namespaces_come_and_go", "waiters_come_and_go",
                      "reloads", "clients_come_stall_and_go"):
            self.assertGreater(self.counts[actor], 1, actor)


if __name__ == "__main__":
    main()

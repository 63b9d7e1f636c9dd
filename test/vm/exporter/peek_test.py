"""What the exporter shows of POSIX queues on a kernel that lets one look, beside what the test itself put in."""

import os
import resource
import signal
import subprocess
import tempfile
import threading
import time
import unittest

from support.exporter import Exporter
from support.isolation import mount_mqueue
from support.posix_queue import PosixQueue
from support.runner import main
from support.waiting import wait_for

READERS = ("snapshot", "fcntl", "syscall")
NOBODY = 65534
# Looks are not cut off, and often.
EAGER = "interval: 100ms\npeek: {cpu_budget: 1}\n"
# One look at the start, for which there is all the time it takes.
ONCE = "interval: 1h\npeek: {cpu_budget: 1, max_messages: {fcntl: 65536, syscall: 65536}}\n"
# The kernel's clock of enqueue times moves by a tick, 10 ms at most, and timestamps stay while they are off by less
# than 100 ms; 50 more for reading two clocks one after the other.
CLOCKS = 0.16


def setUpModule():
    resource.setrlimit(resource.RLIMIT_MSGQUEUE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def info(seen, queue):
    return seen.series("mqueue_queue_info", queue=queue)[0].labels


class OneQueueTest(unittest.TestCase):
    """A queue whose content is known, by the reader that `auto` takes."""

    def test_every_metric_is_what_was_put_in(self):
        with PosixQueue(b"/orders", maxmsg=20, msgsize=64, mode=0o640) as queue:
            for size, priority in ((10, 0), (20, 5), (30, 5), (1, 31), (2, 40), (3, 40)):
                queue.send(b"x" * size, priority)
            for _ in range(2):
                queue.receive()
            with Exporter(EAGER + "exact_priorities: {enabled: true}\n") as exporter:
                seen = exporter.scrape()
            inode = queue.state()["inode"]
        expected = {
            "mqueue_up": 1, "mqueue_messages": 4, "mqueue_messages_limit": 20, "mqueue_bytes": 61,
            "mqueue_message_size_limit_bytes": 64, "mqueue_message_priority_gcount": 4,
            "mqueue_message_priority_gsum": 41, "mqueue_head_message_priority": 31, "mqueue_sent_messages_total": 6,
            "mqueue_received_messages_total": 2, "mqueue_waiting_senders": 0, "mqueue_waiting_receivers": 0,
            "mqueue_peek_truncated": 0,
        }
        self.assertEqual({name: seen.value(name, queue="/orders") for name in expected}, expected)
        buckets = seen.histogram("mqueue_message_priority", queue="/orders")
        self.assertEqual([buckets[bound] for bound in (0, 1, 3, 7, 15, 31, 63, float("inf"))], [1, 1, 1, 3, 3, 4, 4, 4])
        exact = {sample.labels["priority"]: sample.value for sample in seen.series("mqueue_priority_messages")}
        self.assertEqual(exact, {"31": 1, "5": 2, "0": 1})
        labels = {key: info(seen, "/orders")[key] for key in ("reader", "age_source", "uid", "gid", "mode", "id")}
        self.assertEqual(labels, {"reader": "snapshot", "age_source": "kernel", "uid": "0", "gid": "0", "mode": "0640",
                                  "id": str(inode)})

    def test_every_reader_is_supported_and_none_is_warned_of(self):
        with Exporter(EAGER) as exporter:
            seen = exporter.scrape()
            self.assertEqual({name: seen.value("mqueue_exporter_reader_supported", reader=name)
                              for name in (*READERS, "attr")}, dict.fromkeys((*READERS, "attr"), 1))
            self.assertEqual(exporter.warnings_of_readers(), [])

    def test_empty_queue_says_nothing_but_that(self):
        with PosixQueue(b"/empty"), Exporter(EAGER) as exporter:
            seen = exporter.scrape()
        for name in ("mqueue_messages", "mqueue_bytes", "mqueue_message_priority_gcount", "mqueue_sent_messages_total"):
            self.assertEqual(seen.value(name), 0, name)
        for name in ("mqueue_head_message_priority", "mqueue_head_message_age_seconds",
                     "mqueue_oldest_message_age_seconds"):
            self.assertEqual(seen.series(name), [], name)
        self.assertEqual(info(seen, "/empty")["age_source"], "kernel")

    def test_looking_needs_no_right_but_to_read_the_queue(self):
        with tempfile.TemporaryDirectory() as mqueuefs:
            os.chmod(mqueuefs, 0o755)
            mount_mqueue(mqueuefs)
            try:
                with PosixQueue(b"/private", mode=0o600), PosixQueue(b"/public") as public:
                    os.fchmod(public.fd, 0o644)
                    public.send(b"x", 3)
                    with Exporter(EAGER, user=NOBODY, flags=[f"--path.mqueuefs={mqueuefs}"]) as exporter:
                        seen = exporter.scrape()
            finally:
                subprocess.run(["umount", mqueuefs], check=True)
        self.assertEqual(seen.value("mqueue_up", queue="/private"), 0)
        self.assertEqual(seen.value("mqueue_head_message_priority", queue="/public"), 3)
        self.assertEqual(info(seen, "/public")["reader"], "snapshot")
        self.assertEqual(seen.value("mqueue_exporter_reader_supported", reader="syscall"), 1)


class AgeTest(unittest.TestCase):

    def _timestamp_is_between(self, exporter, name, before, after):
        exporter.wait_for_exposition(lambda seen: before - CLOCKS <= seen.value(name) <= after + CLOCKS,
                                     f"{name} from {before} to {after}")

    def test_starving_message_is_the_oldest_and_the_young_head_the_youngest(self):
        with PosixQueue(b"/starving") as queue, Exporter(EAGER) as exporter:
            old_before = time.time()
            queue.send(b"old", 0)
            old_after = time.time()
            # Apart by more than all clocks are off together.
            wait_for(lambda: time.time() > old_after + 3 * CLOCKS, "time goes on")
            young_before = time.time()
            queue.send(b"young", 9)
            young_after = time.time()
            exporter.wait_for_exposition(lambda seen: seen.value("mqueue_head_message_priority") == 9, "the young head")
            self._timestamp_is_between(exporter, "mqueue_head_message_timestamp_seconds", young_before, young_after)
            self._timestamp_is_between(exporter, "mqueue_oldest_message_timestamp_seconds", old_before, old_after)
            queue.receive()
            exporter.wait_for_exposition(lambda seen: seen.value("mqueue_head_message_priority") == 0, "the old head")
            self._timestamp_is_between(exporter, "mqueue_head_message_timestamp_seconds", old_before, old_after)

    def test_age_of_the_kernel_is_known_to_an_exporter_that_comes_later_and_is_never_too_large(self):
        before = time.clock_gettime(time.CLOCK_BOOTTIME)
        with PosixQueue(b"/stuck") as queue:
            queue.send(b"stuck")
            after = time.clock_gettime(time.CLOCK_BOOTTIME)
            queue.wait_for_new_second()
            begun = time.clock_gettime(time.CLOCK_BOOTTIME)
            with Exporter(EAGER) as exporter:
                age = exporter.scrape().value("mqueue_head_message_age_seconds")
                now = time.clock_gettime(time.CLOCK_BOOTTIME)
        self.assertGreaterEqual(age, begun - after - CLOCKS)
        self.assertLessEqual(age, now - before + CLOCKS)

    def test_observed_age_counts_from_the_last_change_of_the_queue(self):
        for reader in ("fcntl", "syscall"):
            with self.subTest(reader=reader), PosixQueue(b"/stuck", maxmsg=100) as queue:
                with Exporter(EAGER + f"reader: {reader}\n") as exporter:
                    queue.send(b"head", 3)
                    queue.send(b"next", 3)
                    for number in range(4):
                        queue.wait_for_new_second()
                        changed_after = time.time()
                        queue.send(b"behind %d" % number, number)
                    seen = exporter.wait_for_exposition(
                        lambda seen: seen.value("mqueue_messages") == 6 and
                        seen.value("mqueue_head_message_age_seconds") > 2, "all of them, two seconds later")
                    self.assertEqual(info(seen, "/stuck")["age_source"], "observed")
                    self.assertEqual(seen.value("mqueue_head_message_priority"), 3)
                    self.assertGreaterEqual(seen.value("mqueue_head_message_timestamp_seconds"), changed_after - CLOCKS)


class MovementTest(unittest.TestCase):

    def _wait_for(self, exporter, **expected):
        exporter.wait_for_exposition(
            lambda seen: {name: seen.value("mqueue_" + name) for name in expected} == expected, str(expected))

    def test_blocked_senders_are_counted_until_they_are_let_in(self):
        with PosixQueue(b"/full", maxmsg=1) as queue, Exporter(EAGER) as exporter:
            queue.send(b"first")
            senders = [threading.Thread(target=queue.send, args=(b"blocked",), daemon=True) for _ in range(2)]
            for sender in senders:
                sender.start()
            self._wait_for(exporter, waiting_senders=2, waiting_receivers=0, messages=1, sent_messages_total=1)
            queue.receive()
            self._wait_for(exporter, waiting_senders=1, messages=1, sent_messages_total=2, received_messages_total=1)
            queue.receive()
            for sender in senders:
                sender.join()
            self._wait_for(exporter, waiting_senders=0, messages=1, sent_messages_total=3, received_messages_total=2)

    def test_message_handed_to_a_waiting_receiver_counts_as_sent_and_received(self):
        with PosixQueue(b"/awaited") as queue, Exporter(EAGER) as exporter:
            receivers = [threading.Thread(target=queue.receive, daemon=True) for _ in range(2)]
            for receiver in receivers:
                receiver.start()
            self._wait_for(exporter, waiting_receivers=2, waiting_senders=0, sent_messages_total=0)
            queue.send(b"handed over")
            self._wait_for(exporter, waiting_receivers=1, messages=0, sent_messages_total=1, received_messages_total=1)
            queue.send(b"handed over")
            for receiver in receivers:
                receiver.join()
            self._wait_for(exporter, waiting_receivers=0, messages=0, sent_messages_total=2, received_messages_total=2)

    def test_recreated_queue_counts_anew(self):
        with Exporter(EAGER) as exporter:
            with PosixQueue(b"/again") as queue:
                for _ in range(3):
                    queue.send(b"x")
                self._wait_for(exporter, sent_messages_total=3)
                first = info(exporter.scrape(), "/again")["id"]
            exporter.wait_for_exposition(lambda seen: seen.queues() == set(), "no queue")
            with PosixQueue(b"/again") as queue:
                queue.send(b"x")
                self._wait_for(exporter, sent_messages_total=1, messages=1)
                self.assertNotEqual(info(exporter.scrape(), "/again")["id"], first)


class ReadersTest(unittest.TestCase):
    """The three ways to look, at the same queues."""

    SHARED = ("mqueue_up", "mqueue_messages", "mqueue_messages_limit", "mqueue_bytes",
              "mqueue_message_size_limit_bytes", "mqueue_message_priority_bucket", "mqueue_message_priority_gcount",
              "mqueue_message_priority_gsum", "mqueue_head_message_priority", "mqueue_priority_messages",
              "mqueue_peek_truncated")

    @classmethod
    def setUpClass(cls):
        cls.queues = [PosixQueue(b"/mixed", maxmsg=40), PosixQueue(b"/empty"),
                      PosixQueue(b"/priorities", maxmsg=32768, msgsize=8),
                      PosixQueue(b"/messages", maxmsg=65536, msgsize=8)]
        for queue in cls.queues:
            cls.addClassCleanup(queue.remove)
        mixed, _, priorities, messages = cls.queues
        for number in range(40):
            mixed.send(b"x" * number, number * 7 % 12)
        for priority in range(32768):
            priorities.send(b"p", priority)
        for number in range(65536):
            messages.send(b"message", number % 10)

    def _shared(self, seen):
        return {(sample.name, tuple(sorted(sample.labels.items()))): sample.value
                for sample in seen.samples if sample.name in self.SHARED}

    def test_forced_readers_answer_alike(self):
        answers = {}
        for reader in READERS:
            with Exporter(ONCE + f"reader: {reader}\nexact_priorities: {{enabled: true, max: 100}}\n") as exporter:
                seen = exporter.scrape()
            self.assertEqual({sample.labels["reader"] for sample in seen.series("mqueue_queue_info")}, {reader})
            self.assertEqual(seen.value("mqueue_exporter_series_dropped"), 32768 - 100)
            answers[reader] = self._shared(seen)
        self.assertEqual(answers["fcntl"], answers["snapshot"])
        self.assertEqual(answers["syscall"], answers["snapshot"])
        self._assert_whole(seen)

    def _assert_whole(self, seen):
        self.assertEqual(seen.value("mqueue_messages", queue="/priorities"), 32768)
        buckets = seen.histogram("mqueue_message_priority", queue="/priorities")
        self.assertEqual({bound: count for bound, count in buckets.items() if bound != float("inf")},
                         {bound: bound + 1 for bound in (0, 1, 3, 7, 15, 31, 63, 127, 255, 1023, 4095, 32767)})
        self.assertEqual(seen.value("mqueue_messages", queue="/messages"), 65536)
        self.assertEqual(seen.value("mqueue_bytes", queue="/messages"), 7 * 65536)
        self.assertEqual(seen.histogram("mqueue_message_priority", queue="/messages")[3], 4 * 6553 + 4)
        self.assertEqual(seen.value("mqueue_bytes", queue="/mixed"), sum(range(40)))

    def test_reader_that_stops_early_says_so_and_keeps_the_depth(self):
        for reader in ("fcntl", "syscall"):
            with self.subTest(reader=reader):
                config = f"interval: 1h\nreader: {reader}\npeek: {{cpu_budget: 1, max_messages: {{{reader}: 100}}}}\n"
                with Exporter(config) as exporter:
                    seen = exporter.scrape()
                self.assertEqual(seen.value("mqueue_messages", queue="/messages"), 65536)
                self.assertEqual(seen.value("mqueue_message_priority_gcount", queue="/messages"), 100)
                self.assertEqual(seen.value("mqueue_peek_truncated", queue="/messages"), 1)
                self.assertEqual(seen.series("mqueue_bytes", queue="/messages"), [])
                self.assertEqual(seen.value("mqueue_head_message_priority", queue="/messages"), 9)
                self.assertEqual(seen.value("mqueue_peek_truncated", queue="/mixed"), 0)


class LadderTest(unittest.TestCase):

    def test_reader_that_stops_working_is_replaced_and_told_of_once(self):
        with tempfile.TemporaryDirectory() as directory, PosixQueue(b"/orders") as queue:
            queue.send(b"x", 4)
            old_kernel = os.path.join(directory, "old")
            env = {"LD_PRELOAD": "/lib/old_kernel.so", "OLD_KERNEL": old_kernel}
            with Exporter(EAGER, env=env) as exporter:
                self.assertEqual(info(exporter.scrape(), "/orders")["reader"], "snapshot")
                with open(old_kernel, "wb"):
                    pass
                seen = exporter.wait_for_exposition(lambda seen: info(seen, "/orders")["reader"] == "fcntl", "fcntl")
                self.assertEqual(seen.value("mqueue_head_message_priority"), 4)
                self.assertEqual(info(seen, "/orders")["age_source"], "observed")
                exporter.wait_for_rounds(3)
                os.unlink(old_kernel)
                exporter.wait_for_exposition(lambda seen: info(seen, "/orders")["reader"] == "snapshot", "snapshot")
                told = [line for line in exporter.log().splitlines() if "read by another reader" in line]
        self.assertEqual(len(told), 2, told)
        self.assertRegex(told[0], 'reader="?fcntl"? was="?snapshot"? because=".*MQ_IOC_SNAPSHOT')
        self.assertRegex(told[1], 'reader="?snapshot"? was="?fcntl"?$')


class ConservationTest(unittest.TestCase):

    MESSAGES = 1_000_000

    def test_a_million_messages_arrive_once_and_in_order_under_every_reader(self):
        with PosixQueue(b"/moving", maxmsg=64, msgsize=16) as queue, Exporter(EAGER) as exporter:
            loops = {reader: subprocess.Popen(["/bin/look_loop", reader], stdout=subprocess.PIPE) for reader in READERS}
            try:
                moved = subprocess.run(["/bin/mover", "/moving", str(self.MESSAGES)], stdout=subprocess.PIPE, text=True,
                                       check=False)
            finally:
                for loop in loops.values():
                    loop.send_signal(signal.SIGTERM)
                looks = {reader: int(loop.communicate()[0]) for reader, loop in loops.items()}
            self.assertEqual((moved.returncode, moved.stdout), (0, ""))
            print(f"looks meanwhile: {looks}")
            for reader, count in looks.items():
                self.assertGreater(count, 100, reader)
            exporter.wait_for_exposition(
                lambda seen: seen.value("mqueue_sent_messages_total") == self.MESSAGES and
                seen.value("mqueue_received_messages_total") == self.MESSAGES and
                seen.value("mqueue_messages") == 0, "counters that equal the test's")
            self.assertEqual(queue.state()["curmsgs"], 0)

    def test_idle_queue_stays_as_it_is_under_every_reader(self):
        with PosixQueue(b"/idle") as queue:
            for priority in (0, 3, 3):
                queue.send(b"x%d" % priority, priority)
            before = queue.state()
            queue.wait_for_new_second()
            for reader in READERS:
                with Exporter(EAGER + f"reader: {reader}\n") as exporter:
                    exporter.wait_for_rounds(5)
                    self.assertEqual(info(exporter.scrape(), "/idle")["reader"], reader)
            self.assertEqual(queue.state(), before)
            self.assertEqual([queue.receive() for _ in range(3)], [(b"x3", 3), (b"x3", 3), (b"x0", 0)])


if __name__ == "__main__":
    main()

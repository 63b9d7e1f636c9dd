"""What the attr reader shows of POSIX queues."""

import os
import time
import unittest

from support.exporter import FAST, Exporter
from support.isolation import ipc_namespace
from support.posix_queue import PosixQueue
from support.repeating import largest_excess
from support.runner import main


class PosixTest(unittest.TestCase):

    def test_depth_and_limits_are_those_of_the_queue(self):
        with PosixQueue(b"/orders", maxmsg=7, msgsize=48) as queue, PosixQueue(b"/empty", maxmsg=3, msgsize=16):
            for priority in (0, 5, 5):
                queue.send(b"x" * 10, priority)
            with Exporter() as exporter:
                seen = exporter.scrape()
        self.assertEqual(seen.queues(), {"/orders", "/empty"})
        self.assertEqual(seen.value("mqueue_up", queue="/orders"), 1)
        self.assertEqual(seen.value("mqueue_messages", queue="/orders"), 3)
        self.assertEqual(seen.value("mqueue_messages_limit", queue="/orders"), 7)
        self.assertEqual(seen.value("mqueue_message_size_limit_bytes", queue="/orders"), 48)
        self.assertEqual(seen.value("mqueue_messages", queue="/empty"), 0)
        self.assertEqual(seen.value("mqueue_messages_limit", queue="/empty"), 3)

    def test_labels_say_kind_and_namespace(self):
        with PosixQueue(b"/orders"), Exporter() as exporter:
            labels = exporter.scrape().series("mqueue_up")[0].labels
        self.assertEqual(labels, {"ipc": "posix", "ipc_namespace": ipc_namespace(), "queue": "/orders"})

    def test_info_says_how_it_is_read_and_who_owns_it(self):
        with PosixQueue(b"/orders", mode=0o640) as queue, Exporter() as exporter:
            info = exporter.scrape().series("mqueue_queue_info", queue="/orders")[0].labels
            inode = str(os.fstat(queue.fd).st_ino)
        self.assertEqual({key: info[key] for key in ("reader", "age_source", "uid", "gid", "mode", "id")},
                         {"reader": "attr", "age_source": "observed", "uid": "0", "gid": "0", "mode": "0640",
                          "id": inode})

    def test_depth_follows_the_queue(self):
        with PosixQueue(b"/orders") as queue, Exporter() as exporter:
            for depth in (1, 2, 3):
                queue.send(b"x")
                exporter.wait_for_exposition(lambda seen, depth=depth: seen.value("mqueue_messages") == depth,
                                             f"{depth} messages")
            queue.receive()
            exporter.wait_for_exposition(lambda seen: seen.value("mqueue_messages") == 2, "one message less")

    def test_age_of_the_head_is_bounded_by_the_last_change(self):
        # The queue is older than the exporter, which still says how long at least its head has waited.
        with PosixQueue(b"/stalled") as queue:
            queue.send(b"x")
            queue.wait_for_new_second()
            queue.wait_for_new_second()
            with Exporter() as exporter:
                first = exporter.scrape()
                age = first.value("mqueue_head_message_age_seconds")
                self.assertGreater(age, 0)
                self.assertLessEqual(first.value("mqueue_head_message_timestamp_seconds"), time.time())
                exporter.wait_for_exposition(
                    lambda seen: seen.value("mqueue_head_message_age_seconds") > age + 1, "a growing age")

    def test_repeated_payloads_do_not_add_up_to_an_age(self):
        for reader in ("attr", "bpf"):
            with self.subTest(reader=reader), PosixQueue(b"/jobs", msgsize=3000) as queue:
                config = FAST + f"namespaces: own\nreader: {reader}\n"
                with Exporter(config, bpf=reader == "bpf") as exporter:
                    self.assertLessEqual(largest_excess(exporter, queue, [b"0" * 3000, b"1" * 3000], cycles=15), 0)

    def test_touched_queue_is_not_older_than_its_last_change(self):
        for reader in ("attr", "bpf"):
            with self.subTest(reader=reader), PosixQueue(b"/touched") as queue:
                queue.send(b"x")
                sent_at = time.time()
                os.utime(queue.fd, (946684800, 946684800))
                config = FAST + f"namespaces: own\nreader: {reader}\n"
                with Exporter(config, bpf=reader == "bpf") as exporter:
                    seen = exporter.wait_for_exposition(
                        lambda seen: seen.series("mqueue_head_message_age_seconds"), "an age")
                self.assertLessEqual(seen.value("mqueue_head_message_age_seconds"), time.time() - sent_at)

    def test_empty_queue_has_no_age(self):
        with PosixQueue(b"/empty"), Exporter() as exporter:
            seen = exporter.scrape()
        self.assertEqual(seen.series("mqueue_head_message_age_seconds"), [])
        self.assertEqual(seen.series("mqueue_head_message_timestamp_seconds"), [])

    def test_namespace_says_how_many_queues_it_has_and_may_have(self):
        with PosixQueue(b"/a"), PosixQueue(b"/b"), Exporter() as exporter:
            seen = exporter.scrape()
        self.assertEqual(seen.value("mqueue_namespace_queues", ipc="posix"), 2)
        with open("/proc/sys/fs/mqueue/queues_max", encoding="ascii") as limit:
            self.assertEqual(seen.value("mqueue_namespace_queues_limit", ipc="posix"), int(limit.read()))


if __name__ == "__main__":
    main()

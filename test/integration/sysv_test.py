"""What msg_copy and msg_stat show of SysV queues."""

import time
import unittest

from support.exporter import FAST, Exporter
from support.isolation import set_limit
from support.repeating import largest_excess
from support.runner import main
from support.sysv_queue import SysvQueue


class SysvTest(unittest.TestCase):

    def test_depth_bytes_and_limits_are_those_of_the_queue(self):
        with SysvQueue(0xbeef) as queue, SysvQueue() as private:
            for size in (10, 20, 30):
                queue.send(b"x" * size)
            queue.set_bytes_limit(4096)
            with Exporter() as exporter:
                seen = exporter.scrape()
            self.assertEqual(seen.queues(), {"0x0000beef", f"id:{private.id}"})
        self.assertEqual(seen.value("mqueue_messages", queue="0x0000beef"), 3)
        self.assertEqual(seen.value("mqueue_bytes", queue="0x0000beef"), 60)
        self.assertEqual(seen.value("mqueue_bytes_limit", queue="0x0000beef"), 4096)
        self.assertEqual(seen.value("mqueue_messages", queue=private.label), 0)
        # kernel.msgmax, or what the whole queue holds where that is less.
        self.assertEqual(seen.value("mqueue_message_size_limit_bytes", queue=private.label), 8192)
        self.assertEqual(seen.value("mqueue_message_size_limit_bytes", queue="0x0000beef"), 4096)

    def test_types_are_counted_in_buckets(self):
        with SysvQueue(1) as queue:
            for mtype in (1, 1, 2, 40, 2**40):
                queue.send(b"x", mtype)
            with Exporter() as exporter:
                seen = exporter.scrape()
        buckets = seen.histogram("mqueue_message_type")
        self.assertEqual({bound: buckets[bound] for bound in (0.0, 1.0, 3.0, 31.0, 63.0, 32767.0, float("inf"))},
                         {0.0: 0, 1.0: 2, 3.0: 3, 31.0: 3, 63.0: 4, 32767.0: 4, float("inf"): 5})
        self.assertEqual(seen.value("mqueue_message_type_gcount"), 5)
        self.assertEqual(seen.value("mqueue_message_type_gsum"), 1 + 1 + 2 + 40 + 2**40)
        self.assertEqual(seen.value("mqueue_head_message_priority"), 1)
        self.assertEqual(seen.value("mqueue_peek_truncated"), 0)

    def test_each_type_has_a_series_where_that_is_configured(self):
        with SysvQueue(1) as queue:
            for mtype in (1, 1, 300):
                queue.send(b"x", mtype)
            with Exporter(FAST + "exact_priorities: {enabled: true}\n") as exporter:
                seen = exporter.scrape()
        self.assertEqual({sample.labels["priority"]: sample.value
                          for sample in seen.series("mqueue_priority_messages")}, {"1": 2, "300": 1})

    def test_walk_stops_at_max_messages_and_says_so(self):
        with SysvQueue(1) as queue:
            for _ in range(20):
                queue.send(b"x")
            with Exporter(FAST + "peek: {max_messages: {msg_copy: 5}}\n") as exporter:
                seen = exporter.scrape()
        self.assertEqual(seen.value("mqueue_messages"), 20)
        self.assertEqual(seen.value("mqueue_message_type_gcount"), 5)
        self.assertEqual(seen.value("mqueue_peek_truncated"), 1)

    def test_age_of_a_head_that_was_seen_to_arrive_grows_until_it_is_received(self):
        with SysvQueue(1) as queue, Exporter() as exporter:
            queue.send(b"first")
            queue.send(b"second")
            queue.send(b"third")
            aged = exporter.wait_for_exposition(lambda seen: seen.value("mqueue_head_message_age_seconds") > 1.5,
                                                "a head older than 1.5 s")
            arrived = aged.value("mqueue_head_message_timestamp_seconds")
            queue.receive()
            queue.send(b"fourth")
            changed = exporter.wait_for_exposition(
                lambda seen: seen.value("mqueue_messages") == 3
                and seen.value("mqueue_head_message_timestamp_seconds") > arrived, "another head")
        self.assertGreaterEqual(changed.value("mqueue_head_message_age_seconds"), 0)

    def test_repeated_payloads_do_not_add_up_to_an_age(self):
        for reader, payloads in (("msg_copy", [b"job-0", b"job-1"]), ("msg_stat", [b"job-0", b"job-1"]),
                                 ("bpf", [b"0" * 3000, b"1" * 3000])):
            with self.subTest(reader=reader), SysvQueue(1) as queue:
                config = FAST + f"namespaces: own\nreader: {reader}\n"
                with Exporter(config, bpf=reader == "bpf") as exporter:
                    self.assertLessEqual(largest_excess(exporter, queue, payloads, cycles=15), 0)

    def test_queue_whose_limit_was_lowered_below_its_depth_is_read_whole(self):
        for reader in ("msg_copy", "bpf"):
            with self.subTest(reader=reader), SysvQueue(1) as queue:
                # Empty messages count towards the depth and not towards msg_qbytes.
                for mtype in (5, 2, 5, 2, 2, 7):
                    queue.send(b"" if mtype == 2 else b"xyz", mtype)
                queue.set_bytes_limit(2)
                config = FAST + f"namespaces: own\nreader: {reader}\nexact_priorities: {{enabled: true}}\n"
                with Exporter(config, bpf=reader == "bpf") as exporter:
                    seen = exporter.wait_for_exposition(
                        lambda seen: seen.value("mqueue_message_type_gcount") == 6, "all messages")
                self.assertEqual({sample.labels["priority"]: sample.value
                                  for sample in seen.series("mqueue_priority_messages")}, {"5": 2, "2": 3, "7": 1})
                self.assertEqual(seen.value("mqueue_head_message_priority"), 5)
                self.assertEqual(seen.value("mqueue_peek_truncated"), 0)
                self.assertEqual(seen.value("mqueue_bytes_limit"), 2)
                self.assertEqual(seen.series("mqueue_exporter_look_errors_total", reason="inconsistent")[0].value, 0)

    def test_timestamp_of_a_head_stays_what_it_was(self):
        with SysvQueue(1) as queue, Exporter() as exporter:
            queue.send(b"stuck")
            first = exporter.wait_for_exposition(lambda seen: seen.series("mqueue_head_message_timestamp_seconds"),
                                                 "a timestamp").value("mqueue_head_message_timestamp_seconds")
            exporter.wait_for_rounds(5)
            self.assertEqual(exporter.scrape().value("mqueue_head_message_timestamp_seconds"), first)

    def test_head_that_is_older_than_the_exporter_is_bounded_by_the_last_send(self):
        with SysvQueue(1) as queue:
            queue.send(b"stuck")
            deadline = queue.state()["stime"] + 3
            while time.time() < deadline:
                time.sleep(0.05)
            with Exporter() as exporter:
                self.assertGreaterEqual(exporter.scrape().value("mqueue_head_message_age_seconds"), 1.9)

    def test_times_of_the_last_send_and_receive_are_absent_when_there_was_none(self):
        with SysvQueue(1) as queue, Exporter() as exporter:
            seen = exporter.scrape()
            self.assertEqual(seen.series("mqueue_last_sent_timestamp_seconds"), [])
            self.assertEqual(seen.series("mqueue_last_received_timestamp_seconds"), [])
            queue.send(b"x")
            queue.receive()
            state = queue.state()
            seen = exporter.wait_for_exposition(lambda seen: seen.series("mqueue_last_received_timestamp_seconds"),
                                                "the time of the last receive")
        self.assertEqual(seen.value("mqueue_last_sent_timestamp_seconds"), state["stime"])
        self.assertEqual(seen.value("mqueue_last_received_timestamp_seconds"), state["rtime"])

    def test_forced_msg_stat_copies_no_message(self):
        with SysvQueue(1) as queue:
            queue.send(b"x")
            with Exporter(FAST + "reader: msg_stat\n") as exporter:
                seen = exporter.scrape()
        self.assertEqual(seen.series("mqueue_queue_info")[0].labels["reader"], "msg_stat")
        self.assertEqual(seen.value("mqueue_messages"), 1)
        self.assertEqual(seen.series("mqueue_message_type_bucket"), [])

    def test_message_larger_than_a_lowered_msgmax_is_skipped_and_counted(self):
        with SysvQueue(1) as queue:
            queue.send(b"a", 1)
            queue.send(b"b" * 4000, 2)
            queue.send(b"c", 3)
            set_limit("kernel/msgmax", 1000)
            try:
                with Exporter() as exporter:
                    seen = exporter.wait_for_exposition(
                        lambda seen: seen.value("mqueue_exporter_look_errors_total", reason="uncopied") > 0,
                        "an uncopied message")
                    log = exporter.log()
            finally:
                set_limit("kernel/msgmax", 8192)
        self.assertRegex(log, 'queue="?0x00000001')
        self.assertEqual(seen.value("mqueue_up"), 1)
        self.assertEqual(seen.value("mqueue_messages"), 3)
        self.assertEqual(seen.value("mqueue_message_type_gcount"), 2)


if __name__ == "__main__":
    main()

"""Queues that appear, disappear and come back."""

import unittest

from support.exporter import FAST, Exporter
from support.posix_queue import PosixQueue
from support.runner import main
from support.sysv_queue import SysvQueue


class ComingAndGoingTest(unittest.TestCase):

    def test_new_queue_is_seen_and_a_gone_one_leaves_nothing(self):
        with Exporter() as exporter:
            self.assertEqual(exporter.scrape().queues(), set())
            with PosixQueue(b"/new"), SysvQueue(7):
                exporter.wait_for_exposition(lambda seen: seen.queues() == {"/new", "0x00000007"}, "both queues")
            gone = exporter.wait_for_exposition(lambda seen: not seen.queues(), "no queue")
        self.assertNotIn("/new", gone.text)
        self.assertNotIn("0x00000007", gone.text)

    def test_queue_that_is_looked_at_rarely_goes_as_soon_as_the_others(self):
        rare = "queues: [{match: '/rare', interval: 1h}]\n"
        with PosixQueue(b"/often"), PosixQueue(b"/rare") as queue, Exporter(FAST + rare) as exporter:
            self.assertEqual(exporter.scrape().queues(), {"/often", "/rare"})
            queue.remove()
            exporter.wait_for_exposition(lambda seen: seen.queues() == {"/often"}, "the rare one gone")

    def test_recreated_posix_queue_is_another(self):
        with Exporter() as exporter:
            with PosixQueue(b"/orders", maxmsg=3) as queue:
                queue.send(b"x")
                first = exporter.wait_for_exposition(
                    lambda seen: seen.value("mqueue_head_message_age_seconds", queue="/orders") > 1, "an age")
            with PosixQueue(b"/orders", maxmsg=5) as queue:
                queue.send(b"x")
                second = exporter.wait_for_exposition(
                    lambda seen: seen.value("mqueue_messages_limit", queue="/orders") == 5
                    and seen.series("mqueue_head_message_timestamp_seconds"), "the new queue")
        self.assertGreater(second.value("mqueue_head_message_timestamp_seconds"),
                           first.value("mqueue_head_message_timestamp_seconds"))

    def test_recreated_sysv_queue_is_another(self):
        with Exporter() as exporter:
            with SysvQueue(7) as queue:
                queue.send(b"same bytes")
                first = exporter.wait_for_exposition(
                    lambda seen: seen.value("mqueue_head_message_age_seconds") > 1.5, "an age")
            with SysvQueue(7) as queue:
                queue.send(b"same bytes")
                old_id = first.series("mqueue_queue_info")[0].labels["id"]
                second = exporter.wait_for_exposition(
                    lambda seen: (info := seen.series("mqueue_queue_info")) and info[0].labels["id"] != old_id
                    and seen.series("mqueue_head_message_timestamp_seconds"), "the new queue")
        self.assertGreater(second.value("mqueue_head_message_timestamp_seconds"),
                           first.value("mqueue_head_message_timestamp_seconds"))

    def test_unlinked_queue_is_not_pinned(self):
        # Its bytes and its slot come free with the last descriptor: none of ours may be open.
        with Exporter() as exporter:
            for _ in range(20):
                with PosixQueue(b"/short-lived"):
                    exporter.wait_for_rounds(1)
            exporter.wait_for_exposition(lambda seen: seen.value("mqueue_namespace_queues", ipc="posix") == 0,
                                         "no queue left")

    def test_first_rule_that_matches_decides(self):
        config = FAST + """queues:
  - {match: "/scratch-keep", labels: {team: a}}
  - {match: "/scratch-*", exclude: true}
  - {regex: "^/orders-[0-9]+$", ipc: posix, labels: {team: b}}
  - {match: "0x*", ipc: sysv, reader: msg_stat}
"""
        names = (b"/scratch-keep", b"/scratch-1", b"/orders-7", b"/orders-x")
        queues = [PosixQueue(name) for name in names]
        try:
            with SysvQueue(9), Exporter(config) as exporter:
                seen = exporter.scrape()
        finally:
            for queue in queues:
                queue.remove()
        self.assertEqual({sample.labels["queue"]: sample.labels["team"] for sample in seen.series("mqueue_up")},
                         {"/scratch-keep": "a", "/orders-7": "b", "/orders-x": "", "0x00000009": ""})
        self.assertEqual(seen.value("mqueue_exporter_queues_skipped", reason="excluded"), 1)
        self.assertEqual(seen.series("mqueue_queue_info", queue="0x00000009")[0].labels["reader"], "msg_stat")


if __name__ == "__main__":
    main()

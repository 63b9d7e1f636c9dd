"""The same exporter on the kernel as Debian has it: the readers that need a peek are not there, and it goes on."""

import unittest

from support.exporter import Exporter
from support.posix_queue import PosixQueue
from support.runner import main

PEEKS = ("snapshot", "fcntl", "syscall")


class FallbackTest(unittest.TestCase):

    def test_queue_is_read_by_attr_and_the_metric_says_so(self):
        with PosixQueue(b"/orders") as queue:
            queue.send(b"x", 4)
            with Exporter() as exporter:
                seen = exporter.scrape()
                self.assertEqual(exporter.warnings_of_readers(), [])
        labels = seen.series("mqueue_queue_info", queue="/orders")[0].labels
        self.assertEqual((labels["reader"], labels["age_source"]), ("attr", "observed"))
        self.assertEqual(seen.value("mqueue_messages"), 1)
        self.assertEqual(seen.series("mqueue_head_message_priority"), [])
        self.assertEqual(seen.value("mqueue_exporter_reader_supported", reader="attr"), 1)
        for reader in PEEKS:
            self.assertEqual(seen.value("mqueue_exporter_reader_supported", reader=reader), 0, reader)

    def test_forced_reader_that_is_not_there_is_said_to_be_missing(self):
        for reader in PEEKS:
            with self.subTest(reader=reader), PosixQueue(b"/orders") as queue:
                queue.send(b"x", 4)
                with Exporter(f"interval: 100ms\nreader: {reader}\n") as exporter:
                    seen = exporter.scrape()
                    self.assertIn(f"reader {reader} is not available here", exporter.log())
                self.assertEqual(seen.value("mqueue_up"), 0)
                # Trying did not touch the queue either.
                self.assertEqual(queue.receive(), (b"x", 4))


if __name__ == "__main__":
    main()

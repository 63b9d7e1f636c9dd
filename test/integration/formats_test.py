"""Both exposition formats, as read by parsers that no one here wrote."""

import gzip
import unittest

from support.exporter import Exporter
from support.exposition import OPENMETRICS, TEXT, promtool_check
from support.posix_queue import PosixQueue
from support.runner import main
from support.sysv_queue import SysvQueue


class FormatsTest(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.queues = [PosixQueue(b"/orders"), PosixQueue(b"/empty"), SysvQueue(0xbeef), SysvQueue()]
        for mtype in (1, 2, 300):
            cls.queues[2].send(b"x" * mtype, mtype)
        cls.queues[0].send(b"x", 3)
        cls.exporter = Exporter(config="interval: 1h\n")

    @classmethod
    def tearDownClass(cls):
        cls.exporter.__exit__()
        for queue in cls.queues:
            queue.remove()

    def test_promtool_accepts_the_text_format(self):
        self.assertEqual(promtool_check(self.exporter.scrape(TEXT).text), "")

    def test_openmetrics_parser_accepts_openmetrics(self):
        seen = self.exporter.scrape(OPENMETRICS)
        self.assertEqual(seen.families["mqueue_message_type"].type, "gaugehistogram")
        self.assertTrue(seen.text.endswith("# EOF\n"))

    def test_both_formats_have_the_same_series(self):
        self.assertEqual(self.exporter.scrape(TEXT).keys(), self.exporter.scrape(OPENMETRICS).keys())

    def test_gauge_histogram_is_untyped_in_the_text_format(self):
        text = self.exporter.scrape(TEXT).text
        self.assertIn("# TYPE mqueue_message_type_bucket untyped", text)

    def test_every_family_has_help(self):
        for accept in (TEXT, OPENMETRICS):
            for family in self.exporter.scrape(accept).families.values():
                self.assertNotEqual(family.documentation, "", family.name)

    def test_accept_is_negotiated(self):
        openmetrics, text = "application/openmetrics-text", "text/plain"
        for accept, expected in (
                (None, text), ("*/*", text), ("text/plain", text), ("text/html", text),
                ("application/openmetrics-text; version=1.0.0", openmetrics),
                ("text/plain;q=0.9, application/openmetrics-text;version=1.0.0;q=0.1", text),
                ("text/plain;q=0.1, application/openmetrics-text;version=1.0.0;q=0.9", openmetrics)):
            with self.subTest(accept=accept):
                response = self.exporter.get("/metrics", {"Accept": accept} if accept else {})
                self.assertTrue(response.getheader("Content-Type").startswith(expected))

    def test_gzip_is_sent_only_when_it_is_asked_for(self):
        plain = self.exporter.get("/metrics")
        self.assertIsNone(plain.getheader("Content-Encoding"))
        zipped = self.exporter.get("/metrics", {"Accept-Encoding": "gzip"})
        self.assertEqual(zipped.getheader("Content-Encoding"), "gzip")
        self.assertIn(b"mqueue_messages{", gzip.decompress(zipped.body))
        refused = self.exporter.get("/metrics", {"Accept-Encoding": "gzip;q=0"})
        self.assertIsNone(refused.getheader("Content-Encoding"))


if __name__ == "__main__":
    main()

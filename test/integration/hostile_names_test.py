"""Queue names that anybody on the host may choose."""

import unittest

from support.exporter import Exporter
from support.exposition import OPENMETRICS, TEXT, promtool_check
from support.posix_queue import PosixQueue
from support.runner import main

# The name that is created, and the one that the label then has.
NAMES = {
    b"/new\nline": "/new\nline",
    b'/quo"tes"': '/quo"tes"',
    b"/back\\slash": "/back\\x5cslash",
    b"/inv\xffalid\xc3": "/inv\\xffalid\\xc3",
    b"/looks\\xff": "/looks\\x5cxff",
    b'/"} 1\nmqueue_messages{queue="forged"} 99': '/"} 1\nmqueue_messages{queue="forged"} 99',
    b"/# EOF\n": "/# EOF\n",
    b"/umlaut-\xc3\xa4": "/umlaut-\u00e4",
    b"/" + b"n" * 255: "/" + "n" * 255,
    "/right\u202eto\u2066left\u2069".encode(): "/right\\xe2\\x80\\xaeto\\xe2\\x81\\xa6left\\xe2\\x81\\xa9",
    "/line\u2028paragraph\u2029".encode(): "/line\\xe2\\x80\\xa8paragraph\\xe2\\x80\\xa9",
    "/marks\u200e\u200f\u061c".encode(): "/marks\\xe2\\x80\\x8e\\xe2\\x80\\x8f\\xd8\\x9c",
    b"/c1\xc2\x9b31m\xc2\x85": "/c1\\xc2\\x9b31m\\xc2\\x85",
    b"/.hidden": "/.hidden",
    b"/honest": "/honest",
}


class HostileNamesTest(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.queues = [PosixQueue(name, maxmsg=2, msgsize=8) for name in NAMES]
        cls.exporter = Exporter()

    @classmethod
    def tearDownClass(cls):
        cls.exporter.__exit__()
        for queue in cls.queues:
            queue.remove()

    def test_every_queue_has_a_series_in_both_formats(self):
        for accept in (TEXT, OPENMETRICS):
            with self.subTest(accept=accept):
                self.assertEqual(self.exporter.scrape(accept).queues(), set(NAMES.values()))

    def test_no_name_forges_a_sample(self):
        seen = self.exporter.scrape()
        self.assertEqual(len(seen.series("mqueue_messages")), len(NAMES))
        self.assertEqual({sample.value for sample in seen.series("mqueue_messages")}, {0})

    def test_promtool_accepts_them_all(self):
        self.assertEqual(promtool_check(self.exporter.scrape().text), "")

    def test_log_keeps_one_line_an_event(self):
        for line in self.exporter.log().splitlines():
            self.assertRegex(line, r"^(ts|time|level)=")


if __name__ == "__main__":
    main()

"""Debian's Prometheus scrapes both formats and answers the questions that the metrics are for."""

import tempfile
import unittest

from support.exporter import PORT, Exporter
from support.posix_queue import PosixQueue
from support.prometheus import Prometheus
from support.runner import main
from support.sysv_queue import SysvQueue
from support.text_proxy import PROXY_PORT, TextProxy

JOBS = ("openmetrics", "text")

# Job "openmetrics" has what Prometheus negotiates.
CONFIG = f"""
global: {{scrape_interval: 1s}}
scrape_configs:
  - job_name: openmetrics
    static_configs: [{{targets: ["127.0.0.1:{PORT}"]}}]
  - job_name: text
    static_configs: [{{targets: ["127.0.0.1:{PROXY_PORT}"]}}]
"""


class PrometheusTest(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.queues = [PosixQueue(b"/orders"), SysvQueue(0xbeef)]
        for priority in (1, 2, 3):
            cls.queues[0].send(b"x", priority)
        for mtype in [1] * 5 + [100] * 5:
            cls.queues[1].send(b"x", mtype)
        cls.exporter = Exporter()
        cls.proxy = TextProxy().__enter__()
        cls.config = tempfile.NamedTemporaryFile("w", encoding="utf-8")
        cls.config.write(CONFIG)
        cls.config.flush()
        cls.prometheus = Prometheus(cls.config.name).__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.prometheus.__exit__()
        cls.config.close()
        cls.proxy.__exit__()
        cls.exporter.__exit__()
        for queue in cls.queues:
            queue.remove()

    def test_depth_is_stored(self):
        for job in JOBS:
            with self.subTest(job=job):
                self.prometheus.wait_for_value(f'mqueue_messages{{job="{job}",queue="/orders"}}',
                                               lambda value: value == 3)

    def test_quantiles_of_the_types_can_be_asked_for(self):
        # Half of the messages are of type 1 and half of type 100, which lies in the bucket from 63 to 127.
        for job in JOBS:
            with self.subTest(job=job):
                self.prometheus.wait_for_value(
                    f'histogram_quantile(0.5, mqueue_message_type_bucket{{job="{job}"}})', lambda value: value == 1)
                self.prometheus.wait_for_value(
                    f'histogram_quantile(0.9, mqueue_message_type_bucket{{job="{job}"}})',
                    lambda value: 63 < value < 127)

    def test_age_of_the_head_grows_between_scrapes(self):
        for job in JOBS:
            with self.subTest(job=job):
                expression = f'time() - mqueue_head_message_timestamp_seconds{{job="{job}",queue="0x0000beef"}}'
                age = self.prometheus.wait_for_value(expression, lambda value: value > 0)
                self.prometheus.wait_for_value(expression, lambda value: value > age + 1)

    def test_every_scrape_is_understood(self):
        for job in JOBS:
            self.prometheus.wait_for_value(f'up{{job="{job}"}}', lambda value: value == 1)
        self.assertEqual(self.prometheus.targets(), {job: ("up", "") for job in JOBS})

    def test_jobs_have_the_same_series(self):
        for job in JOBS:
            self.prometheus.wait_for_value(f'up{{job="{job}"}}', lambda value: value == 1)
        series = [sorted(tuple(sorted((key, value) for key, value in labels.items() if key not in ("job", "instance")))
                         for labels, _ in self.prometheus.query(f'{{__name__=~"mqueue_message.*",job="{job}"}}'))
                  for job in JOBS]
        self.assertGreater(len(series[0]), 15)
        self.assertEqual(series[0], series[1])

    def test_formats_were_what_the_jobs_are_called(self):
        self.prometheus.wait_for_value('up{job="text"}', lambda value: value == 1)
        self.assertTrue(all(kind.startswith("text/plain") for kind in self.proxy.types()))
        self.assertTrue(self.proxy.types())


if __name__ == "__main__":
    main()

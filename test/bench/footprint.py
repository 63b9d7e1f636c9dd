"""What a queue costs Prometheus: series, bytes of an exposition, and bytes of a stored block."""

import gzip
import json
import os
import tempfile
import time

from support.exporter import FAST, PORT, Exporter
from support.posix_queue import PosixQueue
from support.prometheus import Prometheus
from support.sysv_queue import SysvQueue

_QUEUES = 50
_SECONDS = 60
# More than two full chunks of a series, which has 120 samples in one.
_CONFIG = f"""
global: {{scrape_interval: 200ms}}
scrape_configs: [{{job_name: mqueue, static_configs: [{{targets: ["127.0.0.1:{PORT}"]}}]}}]
"""


def _series(text):
    return sum(not line.startswith("#") for line in text.splitlines())


def _of_one(with_queues, without):
    """Series, bytes and gzipped bytes that each of the queues adds to an exposition."""
    return [(count(with_queues) - count(without)) / _QUEUES
            for count in (_series, len, lambda text: len(gzip.compress(text.encode())))]


def _size(directory):
    return sum(os.path.getsize(os.path.join(where, name)) for where, _, names in os.walk(directory) for name in names)


def _use(queues, seconds):
    """Moves messages in and out, so that most samples differ from the one before."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for number, queue in enumerate(queues):
            queue.send(b"x" * (1 + number % 8), 1 + number % 3)
        time.sleep(0.05)
        for queue in queues:
            queue.receive()
        time.sleep(0.05)


def _stored(queues):
    """Bytes a sample and bytes of index a series in the block that Prometheus makes of the queues' series."""
    with tempfile.TemporaryDirectory() as directory:
        with open(f"{directory}/prometheus.yml", "w", encoding="utf-8") as file:
            file.write(_CONFIG)
        with Prometheus(f"{directory}/prometheus.yml", flags=["--web.enable-admin-api"]) as prometheus:
            _use(queues, _SECONDS)
            block = prometheus.snapshot()
            with open(f"{block}/meta.json", encoding="utf-8") as file:
                stats = json.load(file)["stats"]
            return _size(f"{block}/chunks") / stats["numSamples"], os.path.getsize(f"{block}/index") / stats["numSeries"]


def measure():
    rows = []
    queues = []
    with Exporter(FAST) as exporter:
        for kind, make in (("POSIX (attr)", lambda number: PosixQueue(b"/queue-%d" % number, msgsize=16)),
                           ("SysV (msg_copy)", lambda number: SysvQueue(number + 1))):
            exporter.wait_for_rounds(2)
            before = exporter.scrape().text
            made = [make(number) for number in range(_QUEUES)]
            for queue in made:
                queue.send(b"x", 1)
                queue.send(b"x", 2)
                queue.receive()
            queues += made
            exporter.wait_for_rounds(2)
            series, size, zipped = _of_one(exporter.scrape().text, before)
            rows.append((f"series of a queue, {kind}", f"{series:.1f}", "", None))
            rows.append(("bytes of it in a scrape, gzipped", f"{size:,.0f}, {zipped:.0f}", "", None))
        sample, index = _stored(queues)
    for queue in queues:
        queue.remove()
    rows.append(("bytes of a stored sample", f"{sample:.2f}", "", None))
    rows.append(("bytes of index of a stored series", f"{index:.0f}", "", None))
    return rows

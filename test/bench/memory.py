"""Resident memory of a daemon that watches 1,000 queues, after rounds and scrapes in both formats."""

import re

from support.exporter import Exporter
from support.exposition import OPENMETRICS, TEXT
from support.posix_queue import PosixQueue
from support.sysv_queue import SysvQueue

_QUEUES = 1000
_ROUNDS = 20
_TARGET_MIB = 16


def _resident(pid):
    """What /proc says is resident now, in MiB: all of it, and what is the process's own."""
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        text = status.read()
    return [int(re.search(rf"{name}:\s*(\d+) kB", text)[1]) / 1024 for name in ("VmRSS", "RssAnon")]


def measure():
    queues = [PosixQueue(b"/queue-%d" % number, maxmsg=1, msgsize=8) for number in range(_QUEUES // 2)]
    queues += [SysvQueue(number + 1) for number in range(_QUEUES // 2)]
    for queue in queues:
        queue.send(b"x")
    with Exporter("interval: 200ms\npeek: {cpu_budget: 1}\n") as exporter:
        for _ in range(_ROUNDS):
            exporter.wait_for_rounds(0)
            for accept in (TEXT, OPENMETRICS):
                exporter.get("/metrics", {"Accept": accept, "Accept-Encoding": "gzip"})
        resident, own = _resident(exporter.process.pid)
    for queue in queues:
        queue.remove()
    return [
        (f"resident memory, {_QUEUES:,} queues", f"{resident:.1f} MiB", f"<= {_TARGET_MIB} MiB",
         resident <= _TARGET_MIB),
        ("of it anonymous", f"{own:.1f} MiB", "", None),
    ]

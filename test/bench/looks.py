"""CPU time of the looks of a round over 1,000 idle queues, beside a bare loop of the same system calls."""

import os
import subprocess

from support.posix_queue import PosixQueue
from support.sysv_queue import SysvQueue

_BINARY = os.path.abspath("test/bench/looks_bench")
_QUEUES = 1000
_TARGET = 3


_MAKE = {
    "attr": lambda number: PosixQueue(b"/idle-%d" % number, maxmsg=1, msgsize=8),
    "msg_stat": lambda number: SysvQueue(number + 1),
}


def measure():
    for reader, make in _MAKE.items():
        queues = [make(number) for number in range(_QUEUES)]
        for queue in queues:
            queue.send(b"x")
        try:
            printed = subprocess.run([_BINARY, reader], check=True, stdout=subprocess.PIPE, text=True).stdout
        finally:
            for queue in queues:
                queue.remove()
        count, ours, bare = map(int, printed.split())
        yield (f"looks of a round, {count:,} idle queues, {reader}",
               f"{ours / 1e6:.2f} ms / {bare / 1e6:.2f} ms = {ours / bare:.2f}", f"<= {_TARGET}",
               ours / bare <= _TARGET)

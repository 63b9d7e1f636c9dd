"""Processes in IPC namespaces of their own, as the containers of a host."""

import contextlib
import os
import subprocess
import sys


@contextlib.contextmanager
def other_namespace(code):
    """A process in an IPC namespace of its own that has run the code, which may use both kinds of queue."""
    program = f"""
import os, sys
from support.posix_queue import PosixQueue
from support.sysv_queue import SysvQueue
{code}
print(flush=True)
sys.stdin.read()
os._exit(0)
"""
    process = subprocess.Popen(["unshare", "--ipc", sys.executable, "-c", program], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": ":".join(sys.path)})
    try:
        process.stdout.readline()
        yield process
    finally:
        process.communicate()

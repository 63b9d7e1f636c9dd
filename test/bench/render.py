"""Rendering the states of queues to 100,000 series of text, beside prometheus-cpp's serializer on the same series."""

import os
import re
import subprocess

_BINARY = os.path.abspath("test/bench/render_bench")
_TARGET = 12


def measure():
    printed = subprocess.run([_BINARY, "--benchmark_color=false"], check=True, stdout=subprocess.PIPE, text=True).stdout
    print(printed)
    ratio = float(re.search(r"^ratio: ([\d.]+)", printed, re.MULTILINE)[1])
    return [("queues to text, 100,000 series, times prometheus-cpp", f"{ratio:.1f}", f">= {_TARGET}",
             ratio >= _TARGET)]

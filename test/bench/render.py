"""Rendering 100,000 series, beside prometheus-cpp's own serializer on the same families."""

import os
import re
import subprocess

_BINARY = os.path.abspath("test/bench/render_bench")
_TARGET = 7


def measure():
    printed = subprocess.run([_BINARY, "--benchmark_color=false"], check=True, stdout=subprocess.PIPE, text=True).stdout
    print(printed)
    ratio = float(re.search(r"wanted: at least 7\): ([\d.]+)", printed)[1])
    return [("rendering 100,000 series, times prometheus-cpp", f"{ratio:.1f}", f">= {_TARGET}", ratio >= _TARGET)]

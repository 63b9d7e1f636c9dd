"""What the reader bpf costs. Nothing here has a target but that it stays far below msg_copy."""

import re
import subprocess

LINE = re.compile(r"(?P<what>.+?)\s+(?P<ms>[\d.]+) ms(?:\s+msg_copy\s+(?P<copy>[\d.]+) ms)?$")


def measure():
    shown = subprocess.run(["test/bench/bpf_bench"], capture_output=True, text=True, check=True).stdout
    rows = []
    for line in shown.splitlines():
        found = LINE.match(line)
        what = "bpf: " + re.sub(r"\s+", " ", found["what"])
        if found["what"].endswith("10000 messages"):
            ratio = float(found["ms"]) / float(found["copy"])
            rows.append((what, f"{found['ms']} ms / msg_copy {found['copy']} ms = {ratio:.4f}", "<= 0.1", ratio <= 0.1))
        else:
            rows.append((what, f"{found['ms']} ms", "", None))
    return rows

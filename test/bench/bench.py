"""Speed and size against the targets, ratios in one run. `make bench` prints the table; exit status 1 if one is missed.

Everything runs in namespaces of its own, so that the queues of the host play no part.
"""

import sys

import ebpf
import footprint
import looks
import memory
import render
import scrape
import web
from support.isolation import isolate, set_limit


def main():
    isolate()
    set_limit("fs/mqueue/queues_max", 2000)
    rows = [row for part in (scrape, web, looks, ebpf, memory, footprint, render) for row in part.measure()]
    widths = [max(len(cell) for cell in column) for column in zip(*(row[:3] for row in rows))]
    print()
    for what, measured, target, reached in rows:
        verdict = {True: "PASS", False: "over", None: ""}[reached]
        print(f"{what:<{widths[0]}}  {measured:>{widths[1]}}  {target:<{widths[2]}}  {verdict}".rstrip())
    sys.exit(any(reached is False for *_, reached in rows))


if __name__ == "__main__":
    main()

"""Senders that repeat themselves: the same payloads, in the same order, at the same kernel addresses."""

import os
import time

# Between the clock readings of two processes.
_CLOCK_READING = 0.05


def _now():
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def largest_excess(exporter, queue, payloads, cycles):
    """By how many seconds mqueue_head_message_age_seconds exceeded the true age of the head, at most.

    In each cycle the queue is drained and the same payloads are sent again, twice, on one CPU: the allocator then gives
    the messages the addresses that they had in the cycle before."""
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(allowed)})
    try:
        for payload in payloads:
            queue.send(payload)
        excess = []
        for _ in range(cycles):
            for _ in range(2):
                for _ in payloads:
                    queue.receive()
                sent_at = _now()
                for payload in payloads:
                    queue.send(payload)
            # From here on every look sees the head that was sent after sent_at.
            exporter.wait_for_rounds(1)
            seen = exporter.scrape()
            excess += [sample.value - (_now() - sent_at) - _CLOCK_READING
                       for sample in seen.series("mqueue_head_message_age_seconds")]
    finally:
        os.sched_setaffinity(0, allowed)
    assert excess, "no look saw an age"
    return max(excess)

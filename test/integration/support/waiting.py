"""Waiting for a state, which no test measures the time of."""

import time

# Far beyond what the slowest machine takes; only a failing test waits this long.
_DEADLINE = 120


def wait_for(condition, what):
    """Calls `condition` until it returns something true, and returns that. An AssertionError of its is a "not yet"."""
    deadline = time.monotonic() + _DEADLINE
    last = None
    while time.monotonic() < deadline:
        try:
            if result := condition():
                return result
        except AssertionError as error:
            last = error
        time.sleep(0.05)
    raise AssertionError(f"not within {_DEADLINE} s: {what}" + (f" ({last})" if last else ""))

"""What the web configuration costs: TLS and a login beside neither, a flood of wrong passwords, and what a login tells."""

import base64
import contextlib
import random
import statistics
import subprocess
import time

from support.certificates import Authority
from support.exporter import PORT, Exporter
from support.sysv_queue import SysvQueue

_TURNS = 5
_LOGINS = 150
_FLOOD_CLIENTS = 200
# Of "correct horse", at the cost that htpasswd(1) is told in the documentation.
_HASH = "$2y$10$mlpF14RmMpDkVHEPmcr6Oe7SYp5EdvB57Q4PuS8FvqY7koLvyxzAS"
_USERS = f"basic_auth_users: {{alice: {_HASH}}}\n"


def _login(user, password):
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


_RIGHT = _login("alice", "correct horse")


def _scrape_seconds(connection):
    begin = time.perf_counter()
    connection.request("GET", "/metrics", headers={"Authorization": _RIGHT})
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status == 200 and body, answer.status
    return time.perf_counter() - begin


def _median_scrape(exporter, scrapes=200):
    """Over one connection, as Prometheus does it."""
    with contextlib.closing(exporter.connect()) as connection:
        _scrape_seconds(connection)
        return statistics.median(_scrape_seconds(connection) for _ in range(scrapes))


def _cpu_seconds(exporter, scrapes=300):
    """What the exporter spends on a scrape; the client's part is its own affair."""
    # The clock of another process's CPU time, as clock_getcpuclockid(3) makes it.
    clock = (~exporter.process.pid << 3) | 2
    with contextlib.closing(exporter.connect()) as connection:
        _scrape_seconds(connection)
        begin = time.clock_gettime(clock)
        for _ in range(scrapes):
            _scrape_seconds(connection)
        return (time.clock_gettime(clock) - begin) / scrapes


def _measure_cost():
    config = "interval: 1h\npeek: {cpu_budget: 1}\n"
    with contextlib.ExitStack() as stack:
        authority = stack.enter_context(Authority())
        for key in range(1, 386):
            stack.enter_context(SysvQueue(key)).send(b"x" * 100, key % 50 + 1)
        server = authority.issue("server", "IP:127.0.0.1")
        web = f"tls_server_config: {{cert_file: {server.file}, key_file: {server.key}}}\n" + _USERS
        plain, guarded = [], []
        for _ in range(_TURNS):
            with Exporter(config) as exporter:
                plain.append(_cpu_seconds(exporter))
            with Exporter(config, web=web, client=authority.client(), login=_RIGHT) as exporter:
                guarded.append(_cpu_seconds(exporter))
    ratio = statistics.median(one / other for one, other in zip(guarded, plain))
    return ("CPU of a scrape of 10,000 series with TLS and a login, beside neither",
            f"{ratio:.2f} x ({statistics.median(plain) * 1e3:.2f} ms, {statistics.median(guarded) * 1e3:.2f} ms)", "", None)


@contextlib.contextmanager
def _flood():
    with subprocess.Popen(["wrk", "-t1", f"-c{_FLOOD_CLIENTS}", "-d60s", "-H", f"Authorization: {_login('alice', 'wrong')}",
                           f"http://127.0.0.1:{PORT}/metrics"], stdout=subprocess.DEVNULL) as flood:
        # Until as many are waiting as may.
        time.sleep(2)
        yield
        assert flood.poll() is None
        flood.kill()


def _measure_flood():
    with Exporter("interval: 1h\n", web=_USERS, login=_RIGHT) as exporter:
        ratios = []
        for _ in range(_TURNS):
            quiet = _median_scrape(exporter)
            with _flood():
                ratios.append(_median_scrape(exporter) / quiet)
    ratio = statistics.median(ratios)
    return ("scrape under a flood of wrong passwords, beside none", f"{ratio:.2f} x", "at most 2 x", ratio <= 2)


def _measure_timing():
    """How often the slower of two answers, one of each kind, is that to the wrong password: 50 % tells nothing."""
    with Exporter("interval: 1h\n", web=_USERS, login=_RIGHT) as exporter:
        def seconds(user):
            begin = time.perf_counter()
            assert exporter.get("/metrics", {"Authorization": _login(user, "wrong")}).status == 401
            return time.perf_counter() - begin
        known, unknown = [], []
        for number in range(_LOGINS):
            for user, into in random.sample((("alice", known), (f"nobody{number}", unknown)), 2):
                into.append(seconds(user))
    slower = sum(one > other for one in known for other in unknown) / len(known) / len(unknown)
    ratio = statistics.median(known) / statistics.median(unknown)
    # Of 150 of each, one distribution alone gives 43 to 57 % in 95 of 100 runs.
    return ("wrong password slower than unknown user", f"{slower:.0%} (medians {ratio:.3f} x)", "35 to 65 %",
            0.35 <= slower <= 0.65)


def measure():
    return [_measure_cost(), _measure_flood(), _measure_timing()]

"""Scrapes a second of 10,000 series, beside nginx serving the same bytes as a file."""

import os
import re
import statistics
import subprocess
import tempfile

from support.exporter import PORT, Exporter
from support.exposition import TEXT
from support.sysv_queue import SysvQueue
from support.waiting import wait_for

_SERIES = 10_000
_TURNS = 5
_NGINX_PORT = 9994
_TARGET = 0.85

# Debian's defaults, less the access log, which we do not write either.
_NGINX = """
daemon off;
worker_processes 1;
pid {directory}/nginx.pid;
error_log {directory}/error.log;
events {{ worker_connections 768; }}
http {{
  sendfile on;
  tcp_nopush on;
  access_log off;
  keepalive_requests 1000000000;
  server {{
    listen 127.0.0.1:{port};
    root {directory};
    default_type "text/plain; version=0.0.4";
  }}
}}
"""


def _requests_per_second(port):
    """One client, one connection that is kept alive."""
    done = subprocess.run(["wrk", "-t1", "-c1", "-d3s", f"http://127.0.0.1:{port}/metrics"], check=True,
                          capture_output=True, text=True)
    assert "Non-2xx" not in done.stdout and "Socket errors" not in done.stdout, done.stdout
    return float(re.search(r"Requests/sec:\s*([\d.]+)", done.stdout)[1])


def _start_nginx(directory, body):
    os.chmod(directory, 0o755)
    with open(f"{directory}/metrics", "wb") as file:
        file.write(body)
    with open(f"{directory}/nginx.conf", "w", encoding="ascii") as config:
        config.write(_NGINX.format(directory=directory, port=_NGINX_PORT))
    nginx = subprocess.Popen(["/usr/sbin/nginx", "-c", f"{directory}/nginx.conf", "-e", f"{directory}/error.log"])
    wait_for(lambda: os.path.exists(f"{directory}/nginx.pid"), "nginx is up")
    return nginx


def _make_queues():
    queues = []
    for number in range(385):
        queues.append(SysvQueue(number + 1))
        queues[-1].send(b"x" * 100, number % 50 + 1)
    return queues


def measure():
    queues = _make_queues()
    # One round at the start; while scrapes are counted, nothing else goes on.
    with Exporter("interval: 1h\npeek: {cpu_budget: 1}\n") as exporter, tempfile.TemporaryDirectory() as directory:
        series = len(exporter.scrape().samples)
        assert series >= _SERIES, series
        body = exporter.get("/metrics", {"Accept": TEXT}).body
        nginx = _start_nginx(directory, body)
        try:
            turns = [(_requests_per_second(PORT), _requests_per_second(_NGINX_PORT)) for _ in range(_TURNS)]
        finally:
            nginx.terminate()
            nginx.wait()
    for queue in queues:
        queue.remove()
    ours, theirs = (statistics.median(column) for column in zip(*turns))
    ratio = statistics.median(our / their for our, their in turns)
    return [
        (f"scrapes a second, {series:,} series, {len(body) / 2**20:.1f} MiB", f"{ours:,.0f}", "", None),
        ("the same bytes from nginx", f"{theirs:,.0f}", "", None),
        ("ratio", f"{ratio:.2f}", f">= {_TARGET}", ratio >= _TARGET),
    ]

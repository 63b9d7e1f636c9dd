"""The built daemon as a child process."""

import contextlib
import http.client
import os
import re
import resource
import shutil
import signal
import subprocess
import tempfile

from support.exposition import OPENMETRICS, TEXT, Exposition
from support.waiting import wait_for

BINARY = os.path.abspath(os.environ.get("EXPORTER", "daemon/mqueue_exporter"))
PORT = 9992

# For a daemon that is built with sanitizers. It may not search for leaks: the sandbox forbids ptrace(2).
_SANITIZERS = {
    "ASAN_OPTIONS": "detect_leaks=0:detect_stack_use_after_return=1:strict_string_checks=1",
    "TSAN_OPTIONS": "halt_on_error=1:second_deadlock_stack=1",
    "UBSAN_OPTIONS": "print_stacktrace=1",
}
_REPORT = re.compile("(Address|Thread|UndefinedBehavior)Sanitizer|runtime error:")

# Whether the daemon's memory says something: .bazelrc denies it for the builds with sanitizers.
MEMORY_COUNTS = os.environ.get("MEMORY_COUNTS") != "no"

# As fast as the configuration allows.
FAST = "interval: 100ms\n"

# Where the kernel does not tell its types, as a small kernel of a guest never does, BPF programs cannot be loaded.
_TYPES = "/sys/kernel/btf"
_WITHOUT_BPF = ["unshare", "--mount", "sh", "-c", f'mount -t tmpfs none {_TYPES} && exec "$@"', "sh"]


def _with_capabilities(user, names):
    """The command before a command that is to run as that user with these capabilities."""
    listed = ",".join(f"+{name}" for name in names)
    return ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", f"--inh-caps={listed}",
            f"--ambient-caps={listed}", f"--bounding-set=-all,{listed}"]


class Exporter:
    """The daemon on 127.0.0.1:PORT, ready when the `with` begins and ended with it.

    config: what the configuration file says. user: whom it runs as, a numeric uid and gid, with the capabilities of
    those names and no other. nofile: its limit of descriptors. env: added to its environment. bpf: whether it may load
    BPF programs; without, the other readers serve. web: what its web configuration says, when it is to have one. client:
    an ssl.SSLContext to ask it by. login: the Authorization field to ask it with. wait: whether it must become ready.
    stderr: a descriptor that it gets as stderr instead of the log file. redirect: shell redirections of its standard
    streams, such as "2>&-". before: a command that runs the daemon, such as unshare(1) with its options.
    """

    def __init__(self, config=FAST, flags=(), user=None, capabilities=(), nofile=None, env=None, bpf=False,
                 web=None, client=None, login=None, wait=True, stderr=None, redirect="", before=()):
        self.directory = tempfile.TemporaryDirectory()
        self.config_file = os.path.join(self.directory.name, "config.yml")
        os.chmod(self.directory.name, 0o755)
        self.write_config(config)
        self.web_file = os.path.join(self.directory.name, "web.yml")
        if web is not None:
            self.write_web(web)
            flags = [f"--web.config.file={self.web_file}", *flags]
        self.client = client
        self.login = login
        binary = BINARY
        if user is not None:
            # Whoever that is may not reach the build's directories.
            binary = shutil.copy(BINARY, self.directory.name)
        self.log_file = os.path.join(self.directory.name, "log")
        before = list(before)
        if not bpf and user is None and os.path.isdir(_TYPES):
            before = [*_WITHOUT_BPF, *before]
        elif capabilities:
            before = _with_capabilities(user, capabilities)
            user = None
        if redirect:
            before = [*before, "sh", "-c", f'exec "$@" {redirect}', "sh"]
        with open(self.log_file, "wb") as log:
            self.process = subprocess.Popen(
                [*before, binary, f"--config.file={self.config_file}", f"--web.listen-address=127.0.0.1:{PORT}", *flags],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log if stderr is None else stderr,
                env=os.environ | _SANITIZERS | (env or {}), user=user, group=user, extra_groups=[] if user else None,
                preexec_fn=lambda: nofile and resource.setrlimit(resource.RLIMIT_NOFILE, (nofile, nofile)))
        if wait:
            try:
                self.wait_until_ready()
            except BaseException:
                # The next test needs its port.
                self.__exit__()
                raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        log = self.log()
        self.directory.cleanup()
        if report := _REPORT.search(log):
            raise AssertionError(f"a sanitizer found a mistake: {log[report.start():]}")

    def write_config(self, text):
        with open(self.config_file, "wb") as config:
            config.write(text if isinstance(text, bytes) else text.encode())

    def write_web(self, text):
        """As an editor does it: the old file or the new one, never a part."""
        with open(f"{self.web_file}.new", "w", encoding="utf-8") as file:
            file.write(text)
        os.rename(f"{self.web_file}.new", self.web_file)

    def change_web(self, text):
        """Writes the web configuration and returns when the daemon has taken it or refused it."""
        def decisions():
            return len(re.findall("web configuration (reloaded|refused)", self.log()))
        before = decisions()
        self.write_web(text)
        wait_for(lambda: decisions() > before, "a decision on the web configuration")

    def log(self):
        with open(self.log_file, encoding="utf-8", errors="replace") as log:
            return log.read()

    def warnings_of_readers(self):
        return [line for line in self.log().splitlines() if "level=warn" in line and " reader=" in line]

    def wait_until_ready(self):
        def ready():
            if self.process.poll() is not None:
                raise RuntimeError(f"the exporter ended with {self.process.returncode}: {self.log()}")
            try:
                return self.get("/-/ready").status == 200
            except OSError:
                return False
        wait_for(ready, "the exporter is ready")

    def connect(self):
        """A connection of http.client to the daemon."""
        if self.client:
            return http.client.HTTPSConnection("127.0.0.1", PORT, timeout=60, context=self.client)
        return http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)

    def get(self, path, headers=None, method="GET"):
        """The response, its body in `body` and `text`."""
        with contextlib.closing(self.connect()) as connection:
            login = {"Authorization": self.login} if self.login else {}
            connection.request(method, path, headers=login | (headers or {}))
            response = connection.getresponse()
            response.body = response.read()
            response.text = response.body.decode("utf-8", errors="replace")
            return response

    def scrape(self, accept=TEXT):
        response = self.get("/metrics", {"Accept": accept})
        assert response.status == 200, f"{response.status} {response.text}"
        # A strict decoder: whatever the names of the queues are, the exposition is UTF-8.
        return Exposition(response.body.decode("utf-8"), openmetrics=accept == OPENMETRICS)

    def scrape_over(self, connection):
        """A scrape over a connection that is open already and stays so."""
        connection.request("GET", "/metrics")
        return Exposition(connection.getresponse().read().decode("utf-8"))

    def wait_for_exposition(self, condition, what):
        """The first exposition that `condition` holds for."""
        def look():
            exposition = self.scrape()
            return exposition if condition(exposition) else None
        return wait_for(look, what)

    def wait_for_rounds(self, rounds):
        """Returns when that many rounds have begun and ended from now on."""
        def last():
            return self.scrape().value("mqueue_exporter_last_round_timestamp_seconds")
        for _ in range(rounds + 1):
            before = last()
            wait_for(lambda: last() != before, "another round")

    def reload(self):
        self.process.send_signal(signal.SIGHUP)

    def stop(self):
        """Ends the daemon as a service manager does; its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=120)

"""A machine of its own for the package: a Debian 12 with systemd as its first process, on this host's kernel.

It has its own IPC, network, PID and mount namespaces, so that its service sees the queues made here for it and nobody's
else, and its port is free.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import textwrap

from host import Host, checked
from support.waiting import wait_for

_SUPPORT = os.path.abspath("test/integration")


class Machine(Host):
    """Files of a base system in a directory; installed into while it is off, booted by `boot`, gone by `remove`."""

    def __init__(self, base):
        self._directory = tempfile.TemporaryDirectory(prefix="machine-")
        self.root = os.path.join(self._directory.name, "root")
        os.mkdir(self.root)
        subprocess.run(["tar", "--extract", "--file", base, "--directory", self.root, "--numeric-owner"], check=True)
        self._nspawn = None
        self.leader = None

    def install(self, package):
        """Installs the package while the machine is off; what it depends on comes from Debian."""
        name = os.path.basename(package)
        shutil.copy(package, os.path.join(self.root, "var", name))
        install = f"""
            set -e
            export DEBIAN_FRONTEND=noninteractive
            apt-get -q update
            apt-get -q install --yes --no-install-recommends /var/{name}
            rm /var/{name}
            """
        done = subprocess.run(["systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "--pipe", "--directory",
                               self.root, "/bin/sh", "-c", install], stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=600, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"the package does not install: {done.stdout}{done.stderr}")

    def boot(self):
        self._nspawn = subprocess.Popen(
            ["systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "--private-network",
             "--capability=CAP_BPF,CAP_PERFMON", "--system-call-filter=bpf perf_event_open", "--boot", "--directory",
             self.root], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)
        self.leader = wait_for(self._find_leader, "the machine has a first process")
        wait_for(lambda: self.run("systemctl", "is-system-running", check=False).stdout.strip()
                 in ("running", "degraded"), "the machine is up")

    def remove(self):
        if self._nspawn is not None:
            self.run("systemctl", "poweroff", "--force", "--force", check=False)
            try:
                self._nspawn.wait(timeout=60)
            except subprocess.TimeoutExpired:
                self._nspawn.kill()
                self._nspawn.wait()
        self._directory.cleanup()

    def run(self, *command, check=True):
        """Runs a command of the machine's in it, as its root."""
        done = subprocess.run(["nsenter", "--target", str(self.leader), "--all", "--wd=/", *command],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300, check=False)
        return checked(done, command) if check else done

    def python(self, code, user=0):
        """Runs Python among the machine's queues, as a user, with the test's support; returns what it prints."""
        done = subprocess.run(["nsenter", "--target", str(self.leader), "--ipc", "setpriv", f"--reuid={user}",
                               f"--regid={user}", "--clear-groups", sys.executable, "-c", textwrap.dedent(code)],
                              stdin=subprocess.DEVNULL, env=os.environ | {"PYTHONPATH": _SUPPORT}, capture_output=True,
                              text=True, timeout=300, check=False)
        if done.returncode != 0:
            raise AssertionError(done.stderr)
        return done.stdout

    def get(self, path):
        """The body of an answer of the service."""
        done = subprocess.run(["nsenter", "--target", str(self.leader), "--net", "curl", "--silent", "--show-error",
                               "--fail", f"http://127.0.0.1:9992{path}"], capture_output=True, text=True, timeout=300,
                              check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def pid_here(self, pid):
        """What this host calls a process of the machine's."""
        tree = [self.leader]
        while tree:
            outside = tree.pop()
            with open(f"/proc/{outside}/status", encoding="ascii") as status:
                pids = next(line.split()[1:] for line in status if line.startswith("NSpid:"))
            if pids[-1] == str(pid):
                return int(pids[0])
            tree += [int(child) for child in subprocess.run(["pgrep", "--parent", str(outside)], capture_output=True,
                                                            text=True, check=False).stdout.split()]
        raise AssertionError(f"no process {pid} in the machine")

    def _find_leader(self):
        if self._nspawn.poll() is not None:
            raise RuntimeError(f"systemd-nspawn ended with {self._nspawn.returncode}")
        found = subprocess.run(["pgrep", "--parent", str(self._nspawn.pid), "--exact", "systemd"],
                               capture_output=True, text=True, check=False).stdout.split()
        return int(found[0]) if found else None

"""The installed package in a virtual machine whose kernel has the series: the same tests as in a container (service_test.py),
with systemd as the first process of a whole machine."""

import os
import re
import shutil
import subprocess
import tempfile
import unittest

from machine import Machine

# What it says is read from the disk.
_UNIT = """
[Unit]
Description=Tests of mqueue_exporter.service
After=multi-user.target mqueue_exporter.service
[Service]
Type=oneshot
WorkingDirectory=/tests
Environment=VIRTUAL_MACHINE=yes PYTHONPATH=/tests PYTHONDONTWRITEBYTECODE=1
ExecStart=/usr/bin/python3 -P service_test.py
StandardOutput=file:/result
StandardError=file:/result
# Ends QEMU; without ACPI there is no switching off.
ExecStopPost=/bin/systemctl --force reboot
[Install]
WantedBy=default.target
"""
_TESTS = ("host.py", "machine.py", "service.py", "service_test.py", "this_machine.py")


def built_by(*command):
    """Where the result lies, which is all that such a command prints."""
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.strip()


def system():
    """With what the tests need there, too."""
    return built_by("test/deploy/base-system", "udev", "curl", "python3", "python3-prometheus-client")


def kernel():
    return os.path.join(built_by("kernel/build", os.environ.get("KERNEL", "debug")), "vmlinux")


class VirtualMachineTest(unittest.TestCase):

    def setUp(self):
        self.machine = Machine(system())
        self.addCleanup(self.machine.remove)
        self.directory = tempfile.TemporaryDirectory(prefix="vm-")
        self.addCleanup(self.directory.cleanup)
        self.disk = os.path.join(self.directory.name, "root.ext4")
        self.log = os.path.join(self.directory.name, "log")

    def _lay_out(self):
        self.machine.install(os.environ["PACKAGE"])
        tests = os.path.join(self.machine.root, "tests")
        shutil.copytree("test/integration/support", f"{tests}/support", ignore=shutil.ignore_patterns("__pycache__"))
        for name in _TESTS:
            shutil.copy(f"test/deploy/{name}", tests)
        self.machine.write("/etc/systemd/system/tests.service", _UNIT)
        os.symlink("/etc/systemd/system/tests.service",
                   f"{self.machine.root}/etc/systemd/system/multi-user.target.wants/tests.service")
        subprocess.run(["mke2fs", "-q", "-F", "-t", "ext4", "-d", self.machine.root, self.disk, "2G"], check=True)

    def _boot(self):
        """Until the tests have switched it off."""
        accelerator = "kvm" if os.environ.get("ACCEL") == "kvm" else "tcg,thread=multi"
        subprocess.run(
            ["timeout", "--kill-after=5", "1800", "qemu-system-x86_64", "-nodefaults", "-no-user-config", "-display",
             "none", "-no-reboot", "-M", "pc", "-accel", accelerator, "-cpu", "max", "-smp", "2,sockets=2", "-m", "2048",
             "-kernel", kernel(), "-drive", f"file={self.disk},if=virtio,format=raw", "-serial", f"file:{self.log}",
             "-append", "console=ttyS0 ignore_loglevel panic=-1 root=/dev/vda rw tsc=reliable "
             "rcupdate.rcu_cpu_stall_timeout=300"], check=True)

    def _result(self):
        return subprocess.run(["debugfs", "-R", "cat /result", self.disk], capture_output=True, text=True,
                              check=True).stdout

    def test_service_does_in_a_machine_of_its_own_what_it_does_in_a_container(self):
        self._lay_out()
        self._boot()
        result = self._result()
        print(result)
        with open(self.log, encoding="utf-8", errors="replace") as log:
            end = "".join(log.readlines()[-30:])
        self.assertRegex(result, r"\nOK\n", end)
        self.assertGreaterEqual(int(re.search(r"Ran (\d+) tests", result)[1]), 16)
        subprocess.run(["test/vm/check-log", self.log], check=True)


if __name__ == "__main__":
    unittest.main(verbosity=2)

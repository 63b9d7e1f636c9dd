"""The package's life in a machine: upgrade, remove, purge."""

import os
import shutil
import subprocess
import tempfile
import unittest

from machine import Machine
from service import Service
from support.waiting import wait_for

CONFIG = "/etc/mqueue_exporter/mqueue_exporter.yml"


def next_version(package, directory):
    """The same package as a later version, with another default configuration."""
    tree = os.path.join(directory, "tree")
    subprocess.run(["dpkg-deb", "--raw-extract", package, tree], check=True)
    control = os.path.join(tree, "DEBIAN/control")
    with open(control, encoding="utf-8") as file:
        text = file.read()
    with open(control, "w", encoding="utf-8") as file:
        file.write(text.replace("\nVersion: ", "\nVersion: 99."))
    with open(tree + CONFIG, "a", encoding="utf-8") as file:
        file.write("# The next version says more.\n")
    built = os.path.join(directory, "next.deb")
    subprocess.run(["dpkg-deb", "--build", "--root-owner-group", tree, built], check=True, stdout=subprocess.DEVNULL)
    return built


class PackageTest(unittest.TestCase):

    def setUp(self):
        self.machine = Machine(os.environ["BASE_SYSTEM"])
        self.addCleanup(self.machine.remove)
        self.machine.install(os.environ["PACKAGE"])
        self.machine.boot()
        self.service = Service(self.machine)

    def test_upgrade_keeps_the_configuration_and_restarts_and_purge_leaves_nothing(self):
        wait_for(lambda: self.machine.get("/-/ready"), "the service is ready")
        before = self.service.show("MainPID")
        self.machine.write(CONFIG, "interval: 1s\n")
        with tempfile.TemporaryDirectory() as directory:
            shutil.copy(next_version(os.environ["PACKAGE"], directory), self.machine.root + "/var/next.deb")
        self.machine.run("dpkg", "--force-confold", "--install", "/var/next.deb")
        self.assertEqual(self.machine.read(CONFIG), "interval: 1s\n")
        self.assertEqual(self.service.show("ActiveState"), "active")
        self.assertNotEqual(self.service.show("MainPID"), before)

        self.machine.run("dpkg", "--remove", "mqueue-exporter")
        self.assertNotEqual(self.service.show("ActiveState"), "active")
        self.assertFalse(os.path.exists(self.machine.root + "/usr/sbin/mqueue_exporter"))
        self.assertEqual(self.machine.read(CONFIG), "interval: 1s\n")

        self.machine.run("dpkg", "--purge", "mqueue-exporter")
        left = self.machine.run("sh", "-c", "find /etc /lib /usr /var -name '*mqueue?exporter*' -not -path '/var/log/*'")
        self.assertEqual(left.stdout, "")


if __name__ == "__main__":
    unittest.main(verbosity=2)

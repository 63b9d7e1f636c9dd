"""The unit of the installed package, under systemd as the first process."""

import contextlib
import os
import re
import signal
import unittest

from machine import Machine
from service import Service
from support.process import status
from support.waiting import wait_for
from this_machine import ThisMachine

EXAMPLES = "/usr/share/doc/mqueue-exporter/examples"
CONFIG = "/etc/mqueue_exporter/mqueue_exporter.yml"
FLAGS = "/etc/default/mqueue_exporter"
FAST = "interval: 100ms\n"
STRANGER = 4242
CAP_PERFMON, CAP_BPF = 38, 39


def setUpModule():
    """In a machine made for it, or in this one where that is a virtual one (vm_test.py)."""
    global machine, service
    if "VIRTUAL_MACHINE" in os.environ:
        machine = ThisMachine()
    else:
        machine = Machine(os.environ["BASE_SYSTEM"])
        unittest.addModuleCleanup(machine.remove)
        machine.install(os.environ["PACKAGE"])
        machine.boot()
    service = Service(machine)


class ServiceTest(unittest.TestCase):

    def setUp(self):
        machine.write(CONFIG, FAST)
        self.addCleanup(service.remove_drop_ins)
        self._start()

    def _start(self):
        machine.run("systemctl", "reset-failed", check=False)
        service.control("restart")
        self._wait_for_rounds()

    @staticmethod
    def _wait_for_rounds():
        """A round has begun and ended: what happened before this is seen."""
        def last():
            return machine.scrape().value("mqueue_exporter_last_round_timestamp_seconds")
        for _ in range(2):
            before = last()
            wait_for(lambda: last() != before, "another round")

    @contextlib.contextmanager
    def _queues_of(self, user):
        """A queue of each kind that only their owner may read, with one message each."""
        machine.python("""
            from support.posix_queue import PosixQueue
            from support.sysv_queue import SysvQueue
            PosixQueue(b"/private", mode=0o600).send(b"secret", 3)
            SysvQueue(0x7e57, mode=0o600).send(b"secret", 5)
            """, user=user)
        try:
            yield
        finally:
            machine.python("""
                import ctypes
                libc = ctypes.CDLL(None)
                libc.mq_unlink(b"/private")
                libc.msgctl(libc.msgget(0x7e57, 0), 0, None)
                """)

    def test_installed_service_is_enabled_and_says_when_it_is_ready(self):
        self.assertEqual(service.show("UnitFileState"), "enabled")
        self.assertEqual((service.show("Type"), service.show("ActiveState")), ("notify", "active"))
        self.assertEqual(machine.get("/-/ready"), "ready\n")

    def test_unit_has_nothing_to_complain_about(self):
        units = [f"/lib/systemd/system/{unit}" for unit in (service.unit, "mqueue_exporter.socket")]
        verified = machine.run("systemd-analyze", "verify", "--man=no", *units)
        self.assertEqual(verified.stdout + verified.stderr, "")

    def test_exposure_is_at_most_1_6(self):
        machine.run("systemd-analyze", "security", "--no-pager", "--threshold=16", service.unit)

    def test_it_runs_as_a_user_of_its_own_without_any_capability(self):
        fields = status(service.process())
        self.assertEqual(fields["Uid"].split(), [str(machine.user_id("mqueue_exporter"))] * 4)
        for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
            self.assertEqual(int(fields[name], 16), 0, name)
        self.assertEqual((fields["NoNewPrivs"], fields["Seccomp"]), ("1", "2"))

    def test_without_a_drop_in_it_shows_no_content_of_private_queues(self):
        with self._queues_of(STRANGER):
            self._wait_for_rounds()
            seen = machine.scrape()
        self.assertEqual(seen.value("mqueue_up", queue="/private"), 0)
        self.assertFalse(seen.series("mqueue_messages", queue="/private"))
        self.assertEqual(seen.value("mqueue_messages", queue="0x00007e57"), 1)
        self.assertFalse(seen.series("mqueue_head_message_priority", queue="0x00007e57"))

    def test_drop_in_shows_the_queues_of_other_users(self):
        service.drop_in("other-users.conf", machine.read(f"{EXAMPLES}/other-users.conf"))
        self._start()
        with self._queues_of(STRANGER):
            self._wait_for_rounds()
            seen = machine.scrape()
        self.assertEqual(seen.value("mqueue_up", queue="/private"), 1)
        self.assertEqual(seen.value("mqueue_messages", queue="/private"), 1)
        self.assertEqual(seen.value("mqueue_head_message_priority", queue="0x00007e57"), 5)

    def test_ebpf_drop_in_looks_into_the_queues_of_other_users_with_two_capabilities(self):
        service.drop_in("ebpf.conf", machine.read(f"{EXAMPLES}/ebpf.conf"))
        self._start()
        fields = status(service.process())
        # When the program is loaded the exporter has given them up.
        self.assertEqual((int(fields["CapBnd"], 16), int(fields["CapPrm"], 16)), (1 << CAP_PERFMON | 1 << CAP_BPF, 0))
        with self._queues_of(STRANGER):
            self._wait_for_rounds()
            seen = machine.scrape()
        for queue, priority in (("/private", 3), ("0x00007e57", 5)):
            self.assertEqual(seen.value("mqueue_head_message_priority", queue=queue), priority)
            self.assertEqual(seen.series("mqueue_queue_info", queue=queue)[0].labels["reader"], "bpf")

    def test_drop_in_that_reads_every_file_hides_the_files_of_others(self):
        service.drop_in("other-users.conf", machine.read(f"{EXAMPLES}/other-users.conf"))
        self._start()
        root = f"/proc/{service.process()}/root"
        self.assertTrue(os.path.exists(root + CONFIG))
        for path in ("/etc/shadow", "/var/log/dpkg.log", "/root/.bashrc"):
            self.assertTrue(os.path.exists(machine.root + path), path)
            self.assertFalse(os.path.exists(root + path), path)

    def test_detached_mount_needs_no_dev_mqueue(self):
        machine.run("systemctl", "mask", "--now", "dev-mqueue.mount")
        self.addCleanup(machine.run, "systemctl", "start", "dev-mqueue.mount")
        self.addCleanup(machine.run, "systemctl", "unmask", "dev-mqueue.mount")
        with self._queues_of(machine.user_id("mqueue_exporter")):
            self._start()
            self.assertFalse(machine.scrape().series("mqueue_up", queue="/private"))
            service.drop_in("detached-mount.conf", machine.read(f"{EXAMPLES}/detached-mount.conf"))
            self._start()
            self.assertEqual(machine.scrape().value("mqueue_messages", queue="/private"), 1)

    def test_hanging_service_is_restarted_by_the_watchdog(self):
        service.drop_in("watchdog.conf", "[Service]\nWatchdogSec=2s\n")
        self._start()
        before = service.show("MainPID")
        os.kill(service.process(), signal.SIGSTOP)
        wait_for(lambda: service.show("MainPID") not in (before, "0") and service.show("ActiveState") == "active",
                 "the service was started again")
        self.assertIn("Watchdog timeout", service.log())
        self.assertEqual(machine.get("/-/ready"), "ready\n")

    def test_reload_takes_the_new_configuration_without_a_restart(self):
        before = service.show("MainPID")
        machine.write(CONFIG, FAST + "queues: [{match: '/private', labels: {team: payments}}]\n")
        service.control("reload")
        with self._queues_of(machine.user_id("mqueue_exporter")):
            wait_for(lambda: machine.scrape().series("mqueue_up", queue="/private", team="payments"), "the new label")
        self.assertEqual(service.show("MainPID"), before)

    def test_reload_of_a_broken_file_leaves_it_running(self):
        before = service.show("MainPID")
        machine.write(CONFIG, "intervall: 5s\n")
        service.control("reload")
        wait_for(lambda: machine.scrape().value("mqueue_exporter_config_last_reload_successful") == 0,
                 "the reload was refused")
        self.assertEqual((service.show("ActiveState"), service.show("MainPID")), ("active", before))
        self.assertIn("intervall", service.log())

    def test_flags_come_from_etc_default(self):
        self.addCleanup(machine.write, FLAGS, machine.read(FLAGS))
        machine.write(FLAGS, 'ARGS="--web.enable-lifecycle --log.format=json"\n')
        service.control("restart")
        command = f"/proc/{service.process()}/cmdline"
        with open(command, encoding="utf-8") as arguments:
            self.assertEqual(arguments.read().split("\0")[1:3], ["--web.enable-lifecycle", "--log.format=json"])

    def test_socket_unit_serves_while_the_service_restarts(self):
        self.addCleanup(machine.write, FLAGS, machine.read(FLAGS))
        self.addCleanup(machine.run, "systemctl", "stop", "mqueue_exporter.socket", service.unit)
        machine.write(FLAGS, 'ARGS="--web.systemd-socket"\n')
        service.control("stop")
        self.assertEqual(machine.run("systemctl", "is-enabled", "mqueue_exporter.socket", check=False).stdout.strip(),
                         "disabled")
        machine.run("systemctl", "start", "mqueue_exporter.socket")
        self.assertEqual(service.show("ActiveState"), "inactive")
        # The first request starts it, and waits for its answer.
        machine.get("/-/healthy")
        before = service.show("MainPID")
        machine.run("systemctl", "restart", "--no-block", service.unit)
        for _ in range(20):
            machine.get("/-/healthy")
        wait_for(lambda: service.show("MainPID") not in (before, "0"), "the service is another process")
        wait_for(lambda: machine.get("/-/ready"), "it is ready again")
        self.assertIn("mqueue_exporter_build_info", machine.get("/metrics"))

    def test_stop_ends_in_time_and_with_success(self):
        service.control("stop")
        self.assertEqual((service.show("ActiveState"), service.show("Result")), ("inactive", "success"))
        self.assertTrue(re.search(r"Deactivated successfully", service.log()))

    def test_stop_leaves_the_queues_of_the_units_own_user(self):
        user = machine.user_id("mqueue_exporter")
        with self._queues_of(user):
            self._wait_for_rounds()
            service.control("stop")
            left = machine.python("""
                import ctypes, os
                from support.posix_queue import PosixQueue
                from support.sysv_queue import SysvQueue
                posix, sysv = PosixQueue.__new__(PosixQueue), SysvQueue.__new__(SysvQueue)
                libc = ctypes.CDLL(None)
                posix.fd, posix.msgsize, sysv.id = libc.mq_open(b"/private", os.O_RDONLY), 64, libc.msgget(0x7e57, 0)
                print(posix.receive(), sysv.receive())
                """, user=user)
        self.assertEqual(left.strip(), "(b'secret', 3) (b'secret', 5)")


if __name__ == "__main__":
    unittest.main(verbosity=2)

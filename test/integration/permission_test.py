"""An exporter without rights says what it cannot see and shows the rest."""

import os
import shutil
import struct
import subprocess
import tempfile
import unittest

from support.exporter import BINARY, Exporter
from support.isolation import mount_mqueue, mount_tmpfs
from support.posix_queue import PosixQueue
from support.runner import main
from support.sysv_queue import SysvQueue

NOBODY = 65534


class PermissionTest(unittest.TestCase):

    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.addCleanup(self.directory.cleanup)
        os.chmod(self.directory.name, 0o755)

    def test_unreadable_posix_queue_is_down_and_the_others_go_on(self):
        mqueuefs = os.path.join(self.directory.name, "mqueue")
        os.mkdir(mqueuefs)
        mount_mqueue(mqueuefs)
        try:
            with PosixQueue(b"/private", mode=0o600) as private, PosixQueue(b"/public", mode=0o600) as public:
                os.fchmod(public.fd, 0o644)
                private.send(b"x")
                public.send(b"x")
                with Exporter(user=NOBODY, flags=[f"--path.mqueuefs={mqueuefs}"]) as exporter:
                    seen = exporter.scrape()
        finally:
            os.system(f"umount {mqueuefs}")
        self.assertEqual(seen.value("mqueue_up", queue="/private"), 0)
        self.assertEqual(seen.series("mqueue_messages", queue="/private"), [])
        self.assertEqual(seen.value("mqueue_up", queue="/public"), 1)
        self.assertEqual(seen.value("mqueue_messages", queue="/public"), 1)
        self.assertGreater(seen.value("mqueue_exporter_look_errors_total", reason="permission"), 0)

    def test_unreadable_sysv_queue_shows_what_needs_no_right(self):
        with SysvQueue(1, mode=0o600) as private, SysvQueue(2, mode=0o644) as public:
            private.send(b"x")
            public.send(b"x")
            with Exporter(user=NOBODY) as exporter:
                seen = exporter.scrape()
        readers = {sample.labels["queue"]: sample.labels["reader"] for sample in seen.series("mqueue_queue_info")}
        self.assertEqual(readers, {"0x00000001": "msg_stat", "0x00000002": "msg_copy"})
        self.assertEqual(seen.value("mqueue_messages", queue="0x00000001"), 1)
        self.assertEqual(seen.value("mqueue_message_type_gcount", queue="0x00000002"), 1)

    def test_unreadable_sysv_queue_is_down_where_msg_copy_is_forced(self):
        with SysvQueue(1, mode=0o600), SysvQueue(2, mode=0o644):
            with Exporter(config="interval: 100ms\nreader: msg_copy\n", user=NOBODY) as exporter:
                seen = exporter.scrape()
        self.assertEqual(seen.value("mqueue_up", queue="0x00000001"), 0)
        self.assertEqual(seen.value("mqueue_up", queue="0x00000002"), 1)

    def test_log_names_some_of_many_unreadable_queues(self):
        queues = [SysvQueue(key, mode=0o600) for key in range(1, 101)]
        try:
            with Exporter(config="interval: 100ms\nreader: msg_copy\n", user=NOBODY) as exporter:
                exporter.wait_for_rounds(2)
                log = exporter.log()
        finally:
            for queue in queues:
                queue.remove()
        self.assertEqual(log.count("cannot look into a queue"), 10)

    def test_without_a_mount_sysv_queues_are_shown_and_the_log_says_what_to_do(self):
        with PosixQueue(b"/unseen"), SysvQueue(1), Exporter(user=NOBODY) as exporter:
            seen = exporter.scrape()
            log = exporter.log()
        self.assertEqual(seen.queues(), {"0x00000001"})
        self.assertIn("mqueue", log)
        self.assertRegex(log, "CAP_SYS_ADMIN|mount")

    def test_cgroups_are_shown_where_proc_hides_the_processes_of_other_users(self):
        procfs = os.path.join(self.directory.name, "proc")
        os.mkdir(procfs)
        subprocess.run(["mount", "-t", "proc", "-o", "hidepid=2", "proc", procfs], check=True)
        try:
            with SysvQueue(1), Exporter(user=NOBODY, capabilities=["bpf", "perfmon"], bpf=True,
                                        flags=[f"--path.procfs={procfs}"]) as exporter:
                cgroups = [sample.labels["cgroup"] for sample in exporter.scrape().series("mqueue_namespace_info")]
                self.assertTrue(cgroups)
                self.assertNotIn("", cgroups)
        finally:
            subprocess.run(["umount", procfs], check=True)


class CheckPermissionsTest(unittest.TestCase):
    """The exit status of --check-permissions, and what it proposes."""

    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.addCleanup(self.directory.cleanup)
        os.chmod(self.directory.name, 0o755)

    def _mounted(self):
        mqueuefs = os.path.join(self.directory.name, "mqueue")
        os.mkdir(mqueuefs)
        mount_mqueue(mqueuefs)
        self.addCleanup(os.system, f"umount {mqueuefs}")
        return f"--path.mqueuefs={mqueuefs}"

    def _queue(self, queue):
        self.addCleanup(queue.remove)
        return queue

    def _check(self, *flags, without_types=False, **options):
        """Status and output of a check by a user who has no capability but those of `options`."""
        if without_types:
            # The kernel's types are hidden, so that no BPF program can be loaded.
            types = "/sys/kernel/btf"
            mount_tmpfs(types)
            self.addCleanup(os.system, f"umount {types}")
        with Exporter(user=NOBODY, bpf=True, flags=[*flags, "--check-permissions"], wait=False, **options) as checked:
            return checked.process.wait(timeout=60), checked.log()

    def test_queues_that_a_lesser_reader_reads_are_read(self):
        self._queue(SysvQueue(1, mode=0o600))
        status, said = self._check(self._mounted())
        self.assertIn("looked into by msg_stat only", said)
        self.assertEqual(status, 0, said)
        self.assertIn("Every queue is read. To see more of their messages, grant CAP_BPF, CAP_PERFMON:", said)

    def test_unread_queue_is_status_1_and_bpf_is_proposed_alone(self):
        self._queue(PosixQueue(b"/private", mode=0o600))
        status, said = self._check(self._mounted())
        self.assertEqual(status, 1, said)
        self.assertIn("To read every queue, grant CAP_BPF, CAP_PERFMON:", said)
        self.assertIn("SystemCallFilter=bpf", said)

    def test_queue_of_a_forced_reader_needs_what_that_reader_needs(self):
        self._queue(PosixQueue(b"/private", mode=0o600))
        mounted = self._mounted()
        for config in ("reader: attr\n", "queues: [{match: /private, reader: attr}]\n"):
            with self.subTest(config=config):
                status, said = self._check(mounted, config=config)
                self.assertEqual(status, 1, said)
                self.assertIn("To read every queue, grant CAP_DAC_READ_SEARCH:", said)
                status, said = self._check(mounted, config=config, capabilities=["dac_read_search"])
                self.assertEqual(status, 0, said)
                self.assertNotIn("To read", said)

    def test_setcap_line_names_what_is_held_too(self):
        # A program with capabilities on its file gets no ambient ones.
        self._queue(PosixQueue(b"/private", mode=0o600))
        _, said = self._check(self._mounted(), capabilities=["bpf"])
        self.assertIn("To read every queue, grant CAP_PERFMON:", said)
        self.assertIn("setcap 'cap_perfmon,cap_bpf=p' ", said)

    def test_directory_that_is_no_proc_file_system_is_refused(self):
        for flags, expected in (([], 1), (["--check-permissions"], 2)):
            with Exporter(flags=["--path.procfs=/tmp", *flags], wait=False) as exporter:
                self.assertEqual(exporter.process.wait(timeout=60), expected)
                self.assertIn("no proc file system at /tmp; mount one there", exporter.log())

    def test_without_a_mount_bpf_is_proposed_and_not_sys_admin(self):
        status, said = self._check()
        self.assertEqual(status, 1, said)
        self.assertIn("To read every queue, grant CAP_BPF, CAP_PERFMON:", said)
        self.assertNotIn("SYS_ADMIN", said)

    def test_where_bpf_cannot_be_loaded_the_other_capabilities_are_proposed(self):
        self._queue(PosixQueue(b"/private", mode=0o600))
        self._queue(SysvQueue(1, mode=0o600))
        status, said = self._check(self._mounted(), without_types=True)
        self.assertEqual(status, 1, said)
        self.assertIn("To read every queue, grant CAP_DAC_READ_SEARCH, CAP_IPC_OWNER:", said)

    def test_without_a_mount_and_bpf_nothing_but_sys_admin_serves(self):
        status, said = self._check(without_types=True)
        self.assertEqual(status, 1, said)
        self.assertIn("To read every queue, grant CAP_SYS_ADMIN:", said)

    def test_setcap_line_keeps_the_capabilities_of_the_file(self):
        # Version 2 of the attribute, with CAP_NET_BIND_SERVICE (10) permitted and effective.
        attribute = struct.pack("<5I", 0x02000001, 1 << 10, 0, 0, 0)
        binary = shutil.copy(BINARY, self.directory.name)
        os.setxattr(binary, "security.capability", attribute)
        done = subprocess.run([binary, "--check-permissions"], user=NOBODY, group=NOBODY, extra_groups=[],
                              capture_output=True, text=True, timeout=60, check=False)
        self.assertIn(f"setcap 'cap_net_bind_service,cap_perfmon,cap_bpf=ep' {binary}\n", done.stdout, done.stderr)


if __name__ == "__main__":
    main()

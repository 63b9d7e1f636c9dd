"""An exporter without rights says what it cannot see and shows the rest."""

import os
import subprocess
import tempfile
import unittest

from support.exporter import Exporter
from support.isolation import mount_mqueue
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

    def test_where_proc_hides_processes_the_log_says_why_cgroups_are_missing(self):
        procfs = os.path.join(self.directory.name, "proc")
        os.mkdir(procfs)
        for options, hides in (("hidepid=2", True), ("hidepid=0", False)):
            subprocess.run(["mount", "-t", "proc", "-o", options, "proc", procfs], check=True)
            try:
                with (self.subTest(options), SysvQueue(1),
                      Exporter(user=NOBODY, capabilities=["bpf", "perfmon"], bpf=True,
                               flags=[f"--path.procfs={procfs}"]) as exporter):
                    cgroups = [sample.labels["cgroup"] for sample in exporter.scrape().series("mqueue_namespace_info")]
                    self.assertTrue(cgroups)
                    self.assertEqual("" in cgroups, hides)
                    self.assertEqual("hides the processes of other users" in exporter.log(), hides)
            finally:
                subprocess.run(["umount", procfs], check=True)


if __name__ == "__main__":
    main()

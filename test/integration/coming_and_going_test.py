"""Queues, waiting processes and mounts that appear, disappear and come back."""

import os
import signal
import subprocess
import sys
import tempfile
import unittest

from support.exporter import FAST, Exporter
from support.isolation import mount_mqueue
from support.posix_queue import PosixQueue
from support.runner import main
from support.sysv_queue import SysvQueue


class ComingAndGoingTest(unittest.TestCase):

    def test_new_queue_is_seen_and_a_gone_one_leaves_nothing(self):
        with Exporter() as exporter:
            self.assertEqual(exporter.scrape().queues(), set())
            with PosixQueue(b"/new"), SysvQueue(7):
                exporter.wait_for_exposition(lambda seen: seen.queues() == {"/new", "0x00000007"}, "both queues")
            gone = exporter.wait_for_exposition(lambda seen: not seen.queues(), "no queue")
        self.assertNotIn("/new", gone.text)
        self.assertNotIn("0x00000007", gone.text)

    def test_queue_that_is_looked_at_rarely_goes_as_soon_as_the_others(self):
        rare = "queues: [{match: '/rare', interval: 1h}]\n"
        with PosixQueue(b"/often"), PosixQueue(b"/rare") as queue, Exporter(FAST + rare) as exporter:
            self.assertEqual(exporter.scrape().queues(), {"/often", "/rare"})
            queue.remove()
            exporter.wait_for_exposition(lambda seen: seen.queues() == {"/often"}, "the rare one gone")

    def test_recreated_posix_queue_is_another(self):
        with Exporter() as exporter:
            with PosixQueue(b"/orders", maxmsg=3) as queue:
                queue.send(b"x")
                first = exporter.wait_for_exposition(
                    lambda seen: seen.value("mqueue_head_message_age_seconds", queue="/orders") > 1, "an age")
            with PosixQueue(b"/orders", maxmsg=5) as queue:
                queue.send(b"x")
                second = exporter.wait_for_exposition(
                    lambda seen: seen.value("mqueue_messages_limit", queue="/orders") == 5
                    and seen.series("mqueue_head_message_timestamp_seconds"), "the new queue")
        self.assertGreater(second.value("mqueue_head_message_timestamp_seconds"),
                           first.value("mqueue_head_message_timestamp_seconds"))

    def test_recreated_sysv_queue_is_another(self):
        with Exporter() as exporter:
            with SysvQueue(7) as queue:
                queue.send(b"same bytes")
                first = exporter.wait_for_exposition(
                    lambda seen: seen.value("mqueue_head_message_age_seconds") > 1.5, "an age")
            with SysvQueue(7) as queue:
                queue.send(b"same bytes")
                old_id = first.series("mqueue_queue_info")[0].labels["id"]
                second = exporter.wait_for_exposition(
                    lambda seen: (info := seen.series("mqueue_queue_info")) and info[0].labels["id"] != old_id
                    and seen.series("mqueue_head_message_timestamp_seconds"), "the new queue")
        self.assertGreater(second.value("mqueue_head_message_timestamp_seconds"),
                           first.value("mqueue_head_message_timestamp_seconds"))

    def test_unlinked_queue_is_not_pinned(self):
        # Its bytes and its slot come free with the last descriptor: none of ours may be open.
        with Exporter() as exporter:
            for _ in range(20):
                with PosixQueue(b"/short-lived"):
                    exporter.wait_for_rounds(1)
            exporter.wait_for_exposition(lambda seen: seen.value("mqueue_namespace_queues", ipc="posix") == 0,
                                         "no queue left")

    def test_process_that_waits_and_is_stopped_or_killed_is_counted_right_in_the_next_round(self):
        wait_in = "import sys; from support.{0} import {1}; q = {1}.__new__({1}); {2}; q.receive()"
        with (PosixQueue(b"/empty") as posix, SysvQueue(7) as sysv,
              Exporter(FAST + "namespaces: own\n", bpf=True) as exporter):
            os.set_inheritable(posix.fd, True)
            for name, code in (("/empty", wait_in.format("posix_queue", "PosixQueue", f"q.fd = {posix.fd}; q.msgsize = 64")),
                               ("0x00000007", wait_in.format("sysv_queue", "SysvQueue", f"q.id = {sysv.id}"))):
                with self.subTest(queue=name):
                    def waiting(count, name=name):
                        exporter.wait_for_exposition(
                            lambda seen: seen.value("mqueue_waiting_receivers", queue=name) == count, f"{count} waiting")
                    process = subprocess.Popen([sys.executable, "-c", code], pass_fds=[posix.fd],
                                               env=os.environ | {"PYTHONPATH": ":".join(sys.path)})
                    try:
                        waiting(1)
                        # A stopped task has left the queue's list; it comes back when it goes on.
                        process.send_signal(signal.SIGSTOP)
                        waiting(0)
                        process.send_signal(signal.SIGCONT)
                        waiting(1)
                    finally:
                        process.kill()
                        process.wait()
                    waiting(0)

    def test_file_system_of_another_ipc_namespace_is_not_shown_as_the_own_one(self):
        with tempfile.TemporaryDirectory() as directory, PosixQueue(b"/parents", mode=0o644):
            os.chmod(directory, 0o755)
            mount_mqueue(directory)
            code = f"""
from support.exporter import Exporter
from support.posix_queue import PosixQueue
with PosixQueue(b"/own"):
    with Exporter() as exporter:
        print(sorted(exporter.scrape().queues()))
    with Exporter(flags=["--path.mqueuefs={directory}"]) as exporter:
        print(sorted(exporter.scrape().queues()))
        print("belongs to another IPC namespace" in exporter.log())
    with Exporter(flags=["--path.mqueuefs={directory}", "--check-permissions"], wait=False) as checked:
        print(checked.process.wait(), "belongs to another IPC namespace" in checked.log())
    with Exporter(user=65534) as exporter:
        print(sorted(exporter.scrape().queues()))
        print("belongs to another IPC namespace" in exporter.log())
"""
            try:
                shown = subprocess.run(["unshare", "--ipc", sys.executable, "-c", code], stdout=subprocess.PIPE, check=True,
                                       text=True, env=os.environ | {"PYTHONPATH": ":".join(sys.path)}).stdout
            finally:
                subprocess.run(["umount", directory], check=True)
        # Root makes a detached mount. A path that is given is not replaced by one, and a user without capabilities has none.
        self.assertEqual(shown.splitlines(), ["['/own']", "[]", "True", "1 True", "[]", "True"])

    def test_file_system_that_is_mounted_later_is_found(self):
        with tempfile.TemporaryDirectory() as directory, PosixQueue(b"/public", mode=0o644):
            os.chmod(directory, 0o755)
            mqueuefs = os.path.join(directory, "mqueue")
            os.mkdir(mqueuefs)
            with Exporter(user=65534, flags=[f"--path.mqueuefs={mqueuefs}"]) as exporter:
                self.assertEqual(exporter.scrape().queues(), set())
                self.assertIn("mount", exporter.log())
                mount_mqueue(mqueuefs)
                try:
                    seen = exporter.wait_for_exposition(lambda seen: seen.queues() == {"/public"}, "the queue")
                    self.assertEqual(seen.value("mqueue_up", queue="/public"), 1)
                finally:
                    exporter.stop()
                    subprocess.run(["umount", mqueuefs], check=True)

    def test_unlinked_queue_that_is_still_open_has_no_name_and_is_not_counted(self):
        for bpf in (False, True):
            with (self.subTest(bpf=bpf), tempfile.TemporaryDirectory() as directory, PosixQueue(b"/unlinked"),
                  PosixQueue(b"/kept")):
                mount_mqueue(directory)
                try:
                    os.unlink(os.path.join(directory, "unlinked"))
                finally:
                    subprocess.run(["umount", directory], check=True)
                with Exporter(FAST + "namespaces: own\n", bpf=bpf) as exporter:
                    self.assertEqual(exporter.scrape().value("mqueue_namespace_queues", ipc="posix"), 1)

    def test_first_rule_that_matches_decides(self):
        config = FAST + """queues:
  - {match: "/scratch-keep", labels: {team: a}}
  - {match: "/scratch-*", exclude: true}
  - {regex: "^/orders-[0-9]+$", ipc: posix, labels: {team: b}}
  - {match: "0x*", ipc: sysv, reader: msg_stat}
"""
        names = (b"/scratch-keep", b"/scratch-1", b"/orders-7", b"/orders-x")
        queues = [PosixQueue(name) for name in names]
        try:
            with SysvQueue(9), Exporter(config) as exporter:
                seen = exporter.scrape()
        finally:
            for queue in queues:
                queue.remove()
        self.assertEqual({sample.labels["queue"]: sample.labels["team"] for sample in seen.series("mqueue_up")},
                         {"/scratch-keep": "a", "/orders-7": "b", "/orders-x": "", "0x00000009": ""})
        self.assertEqual(seen.value("mqueue_exporter_queues_skipped", reason="excluded"), 1)
        self.assertEqual(seen.series("mqueue_queue_info", queue="0x00000009")[0].labels["reader"], "msg_stat")


if __name__ == "__main__":
    main()

"""The reader bpf: what it says of queues whose content the test knows, in its own IPC namespace and in others."""

import collections
import contextlib
import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
import unittest

from support.cgroups import VERSION_1, Cgroups
from support.exporter import FAST, Exporter
from support.isolation import ipc_namespace, set_limit
from support.other_namespace import other_namespace
from support.posix_queue import PosixQueue
from support.runner import main
from support.sysv_queue import SysvQueue
from support.waiting import wait_for

MOVING_WAITERS = os.path.abspath(os.environ.get("MOVING_WAITERS", "test/bpf/moving_waiters"))

OWN = FAST + "namespaces: own\nexact_priorities: {enabled: true, max: 32768}\nlimits: {max_queues: 10000}\n"
ALL = FAST + "namespaces: all\n"
# The option of unshare(1) is not everywhere.
IN_CGROUP_NAMESPACE = [sys.executable, "-c", "import ctypes, os, sys; assert ctypes.CDLL(None).unshare(0x02000000) == 0; "
                       "os.execvp(sys.argv[1], sys.argv[1:])"]


def messages_with_room():
    """65,536, the kernel's limit, where the limit of bytes can be raised; else what 819,200 bytes have room for."""
    try:
        resource.setrlimit(resource.RLIMIT_MSGQUEUE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    except ValueError:
        return 6000
    return 65536


def exact(seen, **labels):
    """Messages by priority or type."""
    return {int(s.labels["priority"]): s.value for s in seen.series("mqueue_priority_messages", **labels)}


def differing(one, other):
    """What two large dictionaries differ in. To print how they differ as a whole, unittest needs many minutes."""
    return {key: (one.get(key), other.get(key)) for key in one.keys() | other.keys() if one.get(key) != other.get(key)}


def waiting_process(queue):
    """The pid of a child that receives from the queue until it is killed."""
    pid = os.fork()
    if pid == 0:
        try:
            while True:
                queue.receive()
        finally:
            os._exit(1)
    return pid


def programs_of(pid):
    """The ids of the BPF programs that the process holds a descriptor of."""
    held = set()
    for fd in os.listdir(f"/proc/{pid}/fdinfo"):
        # Looks come and go.
        with contextlib.suppress(FileNotFoundError), open(f"/proc/{pid}/fdinfo/{fd}", encoding="ascii") as info:
            held |= {int(line.split()[1]) for line in info if line.startswith("prog_id:")}
    return held


class BpfTest(unittest.TestCase):

    def _see(self, config=OWN, condition=lambda seen: True):
        with Exporter(config, bpf=True) as exporter:
            return exporter.wait_for_exposition(condition, "what was put in")

    def test_posix_queue_shows_what_was_put_in(self):
        set_limit("fs/mqueue/msg_max", 20)
        with PosixQueue(b"/orders", maxmsg=20, msgsize=128, mode=0o640) as queue:
            for priority, size in ((5, 10), (1, 20), (32767, 0), (5, 128), (0, 1), (9, 7)):
                queue.send(b"x" * size, priority)
            seen, state = self._see(), queue.state()
        self.assertEqual(exact(seen), {32767: 1, 9: 1, 5: 2, 1: 1, 0: 1})
        for name, value in (("mqueue_messages", 6), ("mqueue_messages_limit", 20), ("mqueue_bytes", 166),
                            ("mqueue_message_size_limit_bytes", 128), ("mqueue_head_message_priority", 32767),
                            ("mqueue_message_priority_gcount", 6), ("mqueue_peek_truncated", 0),
                            ("mqueue_waiting_receivers", 0)):
            self.assertEqual(seen.value(name), value, name)
        info = seen.series("mqueue_queue_info")[0].labels
        self.assertEqual((info["reader"], info["uid"], info["gid"], info["mode"], info["id"]),
                         ("bpf", "0", "0", "0640", str(state["inode"])))

    def test_sysv_queue_shows_what_was_put_in(self):
        with SysvQueue(0xbeef, mode=0o620) as queue, SysvQueue() as private:
            for mtype, size in ((7, 10), (1, 20), (7, 0), (2**40, 5)):
                queue.send(b"x" * size, mtype)
            seen, state = self._see(), queue.state()
            msqid, empty = str(queue.id), private.label
        self.assertEqual(exact(seen), {7: 2, 1: 1, 2**40: 1})
        for name, value in (("mqueue_messages", 4), ("mqueue_bytes", 35), ("mqueue_bytes_limit", state["qbytes"]),
                            ("mqueue_head_message_priority", 7), ("mqueue_message_type_gcount", 4),
                            ("mqueue_last_sent_timestamp_seconds", state["stime"])):
            self.assertEqual(seen.value(name, queue="0x0000beef"), value, name)
        self.assertEqual(seen.value("mqueue_messages", queue=empty), 0)
        self.assertEqual(seen.value("mqueue_message_type_gcount", queue=empty), 0)
        info = seen.series("mqueue_queue_info", queue="0x0000beef")[0].labels
        self.assertEqual((info["reader"], info["mode"], info["id"]), ("bpf", "0620", msqid))

    def test_thousands_of_priorities_are_all_there(self):
        messages = messages_with_room()
        set_limit("fs/mqueue/msg_max", messages)
        with PosixQueue(b"/wide", maxmsg=messages, msgsize=1) as queue:
            for number in range(messages):
                queue.send(b"", (number * 7919) % 32768)
            # On a slow machine, the first rounds may have no time for a second walk.
            seen = self._see(condition=lambda seen: seen.series("mqueue_message_priority_gcount"))
        sent = collections.Counter((number * 7919) % 32768 for number in range(messages))
        self.assertEqual(differing(exact(seen), sent), {})
        self.assertEqual(seen.value("mqueue_message_priority_gcount"), messages)

    def test_65536_messages_of_as_many_types_take_more_than_one_page(self):
        set_limit("kernel/msgmnb", 65536)
        with SysvQueue(1) as queue:
            for number in range(65536):
                queue.send(b"x", number + 1)
            seen = self._see(condition=lambda seen: seen.series("mqueue_message_type_gcount"))
        self.assertEqual(seen.value("mqueue_message_type_gcount"), 65536)
        self.assertEqual(seen.value("mqueue_message_type_gsum"), 65536 * 65537 / 2)
        self.assertEqual(seen.histogram("mqueue_message_type")[4095], 4095)

    def test_thousands_of_queues_take_more_than_one_page(self):
        with contextlib.ExitStack() as stack:
            queues = [stack.enter_context(SysvQueue()) for _ in range(3000)]
            for number, queue in enumerate(queues):
                for _ in range(number % 3):
                    queue.send(b"x")
            posix = [stack.enter_context(PosixQueue(b"/%d" % number, maxmsg=1, msgsize=1)) for number in range(256)]
            # On a slow machine, the first rounds may end before every queue was read.
            seen = self._see(condition=lambda seen: len(seen.series("mqueue_messages")) == len(queues) + len(posix))
        depths = {sample.labels["queue"]: sample.value for sample in seen.series("mqueue_messages")}
        sent = {queue.label: number % 3 for number, queue in enumerate(queues)}
        self.assertEqual(differing(depths, sent | {queue.name.decode(): 0 for queue in posix}), {})
        self.assertEqual({s.labels["reader"] for s in seen.series("mqueue_queue_info")}, {"bpf"})
        self.assertEqual(seen.value("mqueue_namespace_queues", ipc="sysv"), 3000)

    def test_who_waits_is_counted(self):
        with PosixQueue(b"/empty") as empty, SysvQueue(1) as full, SysvQueue(2) as drained:
            full.set_bytes_limit(4)
            full.send(b"full")
            waiting = [threading.Thread(target=empty.receive) for _ in range(3)]
            waiting += [threading.Thread(target=full.send, args=(b"more",)), threading.Thread(target=drained.receive)]
            for thread in waiting:
                thread.start()
            self._see(condition=lambda seen: (
                seen.value("mqueue_waiting_receivers", queue="/empty") == 3 and
                seen.value("mqueue_waiting_senders", queue="0x00000001") == 1 and
                seen.value("mqueue_waiting_receivers", queue="0x00000002") == 1))
            for _ in range(3):
                empty.send(b"")
            full.receive()
            drained.send(b"x")
            for thread in waiting:
                thread.join()

    def test_hostile_names_are_shown_like_by_any_reader(self):
        names = [b"/\xff\x01", b"/" + b"n" * 255, b"/a\nb\"c\\", "/é".encode()]
        with contextlib.ExitStack() as stack:
            for name in names:
                stack.enter_context(PosixQueue(name))
            with Exporter(FAST + "namespaces: own\n") as other:
                expected = other.scrape().queues()
            self.assertEqual(len(expected), len(names))
            self.assertEqual(self._see().queues(), expected)

    def test_unlinked_queue_that_is_still_open_is_gone(self):
        with PosixQueue(b"/unlinked") as unlinked, PosixQueue(b"/kept"):
            unlinked.send(b"x")
            os_name = "/dev/shm/bpf-test-mqueue"
            os.makedirs(os_name, exist_ok=True)
            subprocess.run(["mount", "-t", "mqueue", "none", os_name], check=True)
            os.unlink(os_name + "/unlinked")
            subprocess.run(["umount", os_name], check=True)
            os.rmdir(os_name)
            self.assertEqual(unlinked.state()["curmsgs"], 1)
            self.assertEqual(self._see().queues(), {"/kept"})

    def test_queues_of_another_namespace_are_told_apart(self):
        make = """
posix, sysv = PosixQueue(b"/orders"), SysvQueue(0xbeef)
posix.send(b"there", 3); sysv.send(b"there", 4)
"""
        with PosixQueue(b"/orders") as own, other_namespace(make) as process:
            own.send(b"here", 1)
            there, here = ipc_namespace(process.pid), ipc_namespace()
            seen = self._see(ALL)
            self.assertEqual(seen.value("mqueue_head_message_priority", ipc_namespace=here, queue="/orders"), 1)
            self.assertEqual(seen.value("mqueue_head_message_priority", ipc_namespace=there, queue="/orders"), 3)
            self.assertEqual(seen.value("mqueue_head_message_priority", ipc_namespace=there, queue="0x0000beef"), 4)
            self.assertEqual(seen.value("mqueue_namespace_queues", ipc_namespace=there, ipc="posix"), 1)
            info = seen.series("mqueue_namespace_info", ipc_namespace=there)[0].labels
            self.assertEqual(info["pid"], str(process.pid))
            with open(f"/proc/{process.pid}/comm", encoding="utf-8") as comm:
                self.assertEqual(info["comm"], comm.read().strip())
            self.assertEqual({sample.labels["ipc_namespace"] for sample in self._see(OWN).series("mqueue_up")}, {here})

    def _cgroup_of(self, process):
        """What the cgroup label says of the process's namespace, to an exporter in a cgroup namespace of its own."""
        with Exporter(ALL, bpf=True, before=IN_CGROUP_NAMESPACE) as exporter:
            seen = exporter.wait_for_exposition(
                lambda seen: seen.series("mqueue_namespace_info", ipc_namespace=ipc_namespace(process.pid)), "it is seen")
        return seen.series("mqueue_namespace_info", ipc_namespace=ipc_namespace(process.pid))[0].labels["cgroup"]

    def test_cgroup_is_the_one_that_the_host_sees(self):
        with other_namespace("queue = SysvQueue()") as process, Cgroups("cgroup2", "none") as cgroups:
            for hierarchy in VERSION_1:
                with Cgroups("cgroup", hierarchy) as version_1:
                    version_1.move(process.pid, "")
            cgroups.move(process.pid, "mqueue-test/inner")
            self.assertEqual(self._cgroup_of(process), "/mqueue-test/inner")

    @unittest.skipUnless("memory" in VERSION_1, "this host has no memory controller of version 1")
    def test_cgroup_of_version_1_goes_before_that_of_the_service_that_started_the_container(self):
        with (other_namespace("queue = SysvQueue()") as process, Cgroups("cgroup2", "none") as cgroups,
              Cgroups("cgroup", "memory") as memory):
            cgroups.move(process.pid, "mqueue-test/service")
            memory.move(process.pid, "mqueue-test/container")
            self.assertEqual(self._cgroup_of(process), "/mqueue-test/container")

    def test_namespaces_that_come_and_go_disturb_nobody(self):
        stop = threading.Event()

        def churn():
            while not stop.is_set():
                with other_namespace("q = PosixQueue(b'/brief', maxmsg=9); [q.send(b'', p) for p in range(9)]"):
                    pass
        with PosixQueue(b"/steady") as queue, Exporter(ALL, bpf=True) as exporter:
            queue.send(b"x", 5)
            threads = [threading.Thread(target=churn) for _ in range(2)]
            for thread in threads:
                thread.start()
            try:
                for _ in range(40):
                    exporter.wait_for_rounds(1)
                    seen = exporter.scrape()
                    self.assertEqual(seen.value("mqueue_head_message_priority", queue="/steady"), 5)
                    for sample in seen.series("mqueue_message_priority_gcount", queue="/brief"):
                        self.assertLessEqual(sample.value, 9)
            finally:
                stop.set()
                for thread in threads:
                    thread.join()
            wait_for(lambda: not exporter.scrape().series("mqueue_up", queue="/brief"), "the others are gone")

    def test_what_is_accepted_of_moving_messages_is_consistent(self):
        stop = threading.Event()

        def move(queue, send):
            number = 0
            while not stop.is_set():
                for _ in range(4):
                    number += 1
                    send(b"%d" % number, number % 5 + 1)
                for _ in range(4):
                    queue.receive()
        with PosixQueue(b"/moving", maxmsg=10) as posix, SysvQueue(1) as sysv:
            threads = [threading.Thread(target=move, args=(queue, queue.send)) for queue in (posix, sysv)]
            with Exporter(OWN, bpf=True) as exporter:
                for thread in threads:
                    thread.start()
                try:
                    for _ in range(50):
                        exporter.wait_for_rounds(1)
                        self._check_invariants(exporter.scrape())
                finally:
                    stop.set()
                    for thread in threads:
                        thread.join()

    def _check_invariants(self, seen):
        for queue, family in (("/moving", "mqueue_message_priority"), ("0x00000001", "mqueue_message_type")):
            depth = seen.value("mqueue_messages", queue=queue)
            self.assertLessEqual(depth, 4)
            groups = exact(seen, queue=queue)
            # Absent where no two walks agreed.
            if not seen.series(family + "_gcount", queue=queue):
                self.assertFalse(groups)
                continue
            self.assertEqual(sum(groups.values()), depth)
            if queue == "/moving" and groups:
                self.assertEqual(seen.value("mqueue_head_message_priority", queue=queue), max(groups))

    def test_head_keeps_its_age_while_others_are_sent(self):
        # Of a POSIX queue no time says that only sends have happened.
        with SysvQueue(1) as queue, Exporter(OWN, bpf=True) as exporter:
            queue.send(b"head", 5)
            queue.send(b"behind", 5)
            exporter.wait_for_rounds(2)
            since = exporter.scrape().value("mqueue_head_message_timestamp_seconds")
            for number in range(3):
                deadline = int(time.time()) + 1
                while time.time() < deadline:
                    time.sleep(0.05)
                queue.send(b"later %d" % number, 5)
                exporter.wait_for_rounds(1)
            self.assertEqual(exporter.scrape().value("mqueue_head_message_timestamp_seconds"), since)

    def test_message_in_the_place_of_another_does_not_inherit_its_age(self):
        with PosixQueue(b"/swap", maxmsg=10) as queue, Exporter(OWN, bpf=True) as exporter:
            queue.send(b"same", 5)
            exporter.wait_for_rounds(2)
            since = exporter.scrape().value("mqueue_head_message_timestamp_seconds")
            for _ in range(2):
                queue.wait_for_new_second()
            queue.receive()
            queue.send(b"same", 5)
            exporter.wait_for_rounds(1)
            self.assertGreater(exporter.scrape().value("mqueue_head_message_timestamp_seconds"), since)

    def _check_moving_waiters(self, kind):
        subprocess.run(["unshare", "--ipc", "sh", "-c", 'echo 2700 > /proc/sys/fs/mqueue/msg_max && exec "$@"', "sh",
                        MOVING_WAITERS, kind, "100"], check=True, timeout=600)

    def test_walk_ends_although_waiters_move_between_posix_queues(self):
        self._check_moving_waiters("posix")

    def test_walk_ends_although_waiters_move_between_sysv_queues(self):
        self._check_moving_waiters("sysv")

    def test_waiter_that_is_stopped_or_killed_is_not_counted(self):
        with PosixQueue(b"/empty") as posix, SysvQueue(1) as sysv, Exporter(OWN, bpf=True) as exporter:
            processes = [waiting_process(queue) for queue in (posix, sysv) for _ in range(3)]

            def count(expected):
                exporter.wait_for_exposition(
                    lambda seen: [seen.value("mqueue_waiting_receivers", queue=queue)
                                  for queue in ("/empty", "0x00000001")] == [expected, expected],
                    f"{expected} wait on each queue")
            try:
                count(3)
                for stopped, killed in (processes[:2], processes[3:5]):
                    os.kill(stopped, signal.SIGSTOP)
                    os.kill(killed, signal.SIGKILL)
                count(1)
                for stopped in (processes[0], processes[3]):
                    os.kill(stopped, signal.SIGCONT)
                count(2)
            finally:
                for pid in processes:
                    os.kill(pid, signal.SIGKILL)
                    os.waitpid(pid, 0)

    def test_programs_are_gone_when_the_exporter_is(self):
        def programs():
            shown = subprocess.run(["/usr/sbin/bpftool", "--json", "prog", "show"], capture_output=True, check=True)
            return {program["id"] for program in json.loads(shown.stdout) if program.get("name") == "report_queues"}
        with Exporter(OWN, bpf=True) as exporter:
            held = programs_of(exporter.process.pid)
            self.assertTrue(held & programs())
            exporter.stop()
        # The kernel takes them away after a grace period.
        wait_for(lambda: not held & programs(), "the programs are gone")

    def test_without_the_rights_it_says_what_is_missing_and_others_serve(self):
        with SysvQueue(1, mode=0o644), Exporter(ALL, user=1000) as exporter:
            seen = exporter.scrape()
            self.assertEqual(seen.value("mqueue_exporter_reader_supported", reader="bpf"), 0)
            self.assertEqual(seen.series("mqueue_queue_info")[0].labels["reader"], "msg_copy")
            lines = [line for line in exporter.log().splitlines() if 'reader="bpf"' in line]
        self.assertEqual(len(lines), 1, lines)
        self.assertIn("CAP_BPF and CAP_PERFMON", lines[0])


if __name__ == "__main__":
    main()

"""What the exporter gives up, what it keeps, and what it says of its rights."""

import os
import re
import tempfile
import unittest

from support.exporter import FAST, Exporter
from support.isolation import mount_mqueue
from support.posix_queue import PosixQueue
from support.process import status
from support.runner import main
from support.sysv_queue import SysvQueue

NOBODY = 65534
# As in linux/capability.h.
NUMBERS = {"dac_read_search": 2, "ipc_owner": 15, "sys_admin": 21, "perfmon": 38, "bpf": 39}
ALL = tuple(NUMBERS)


def mask(*names):
    return sum(1 << NUMBERS[name] for name in names)


def states(pid):
    """What /proc tells of each thread."""
    return [status(pid, task) for task in os.listdir(f"/proc/{pid}/task")]


class PrivilegesTest(unittest.TestCase):

    def _check_threads(self, exporter, kept):
        threads = states(exporter.process.pid)
        self.assertGreater(len(threads), 1)
        for thread in threads:
            held = {name: int(thread[name], 16) for name in ("CapPrm", "CapEff", "CapInh", "CapAmb")}
            self.assertEqual(held, {"CapPrm": kept, "CapEff": kept, "CapInh": 0, "CapAmb": 0})
            self.assertEqual(thread["NoNewPrivs"], "1")
            # A filter.
            self.assertEqual(thread["Seccomp"], "2")

    def test_every_thread_of_root_keeps_what_looking_takes(self):
        with Exporter(bpf=True) as exporter:
            self._check_threads(exporter, mask("dac_read_search", "ipc_owner"))
            self.assertIn("runs as root", exporter.log())

    def test_every_thread_of_another_user_keeps_what_looking_takes(self):
        with Exporter(bpf=True, user=NOBODY, capabilities=ALL) as exporter:
            self._check_threads(exporter, mask("dac_read_search", "ipc_owner"))
            self.assertNotIn("runs as root", exporter.log())

    def test_what_opens_no_queue_keeps_nothing(self):
        with Exporter(FAST + "reader: bpf\n", bpf=True, user=NOBODY, capabilities=ALL) as exporter:
            self._check_threads(exporter, 0)
            with SysvQueue(1, mode=0o600):
                exporter.wait_for_exposition(
                    lambda seen: seen.series("mqueue_queue_info", queue="0x00000001", reader="bpf"), "the queue")

    def test_its_user_cannot_trace_it(self):
        with Exporter(user=NOBODY) as exporter:
            owner = os.stat(f"/proc/{exporter.process.pid}/mem").st_uid
        # The kernel gives the files of a process that cannot be dumped to root.
        self.assertEqual(owner, 0)

    def test_reload_that_takes_what_was_given_up_is_refused(self):
        config = FAST + "queues: [{match: '*', reader: msg_stat, ipc: sysv}]\nreader: bpf\n"
        with Exporter(config, ["--web.enable-lifecycle"], bpf=True, user=NOBODY, capabilities=ALL) as exporter:
            exporter.write_config(FAST + "reader: bpf\n")
            self.assertEqual(exporter.get("/-/reload", method="POST").status, 200)
            exporter.write_config(FAST)
            reply = exporter.get("/-/reload", method="POST")
            self.assertEqual(reply.status, 500)
            self.assertRegex(reply.text, "restart needed.*CAP_DAC_READ_SEARCH, CAP_IPC_OWNER")
            exporter.wait_for_exposition(
                lambda seen: seen.value("mqueue_exporter_config_last_reload_successful") == 0, "the failed reload")

    def test_reload_that_takes_what_was_never_held_is_not_refused(self):
        with Exporter(FAST + "reader: bpf\n", ["--web.enable-lifecycle"], user=NOBODY) as exporter:
            exporter.write_config(FAST)
            self.assertEqual(exporter.get("/-/reload", method="POST").status, 200)

    def test_without_its_sandbox_it_keeps_all_and_says_so(self):
        with Exporter(flags=["--no-sandbox"], bpf=True) as exporter:
            for thread in states(exporter.process.pid):
                self.assertEqual(int(thread["CapEff"], 16) & mask(*ALL), mask(*ALL))
                self.assertEqual(thread["Seccomp"], "0")
            self.assertIn("without its sandbox", exporter.log())


class CheckPermissionsTest(unittest.TestCase):

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        os.chmod(directory.name, 0o755)
        self.mqueuefs = os.path.join(directory.name, "mqueue")
        os.mkdir(self.mqueuefs)
        mount_mqueue(self.mqueuefs)
        self.addCleanup(os.system, f"umount {self.mqueuefs}")
        for queue in (PosixQueue(b"/private", mode=0o600), PosixQueue(b"/public\n", mode=0o644),
                      SysvQueue(1, mode=0o600), SysvQueue(2, mode=0o644)):
            self.addCleanup(queue.remove)
            queue.send(b"x")

    def _compare(self, capabilities):
        """What --check-permissions says of each queue is what the exporter then does."""
        options = {"user": NOBODY, "capabilities": capabilities, "bpf": True}
        flags = [f"--path.mqueuefs={self.mqueuefs}"]
        with Exporter(flags=[*flags, "--check-permissions"], wait=False, **options) as checked:
            code = checked.process.wait(timeout=60)
            table = checked.log()
        with Exporter(flags=flags, **options) as exporter:
            seen = exporter.scrape()
        readers = {sample.labels["queue"]: sample.labels["reader"] for sample in seen.series("mqueue_queue_info")}
        for queue in ("/private", "/public\n", "0x00000001", "0x00000002"):
            line = next(line for line in table.splitlines() if line.startswith("queue " + queue.replace("\n", "\\x0a")))
            said = re.search(r"looked into by (\w+)", line)
            if said:
                self.assertEqual(readers.get(queue), said[1], line)
            else:
                self.assertIn("not looked into", line)
                self.assertEqual(seen.value("mqueue_up", queue=queue), 0, line)
        for reader in ("bpf", "attr", "msg_copy"):
            works = not re.search(rf"^reader {reader} .*cannot look", table, re.M)
            self.assertEqual(seen.value("mqueue_exporter_reader_supported", reader=reader), works, reader)
        self.assertEqual(code, int(bool(re.search(r"^queue .*not looked into", table, re.M))), table)
        return table

    def test_says_what_happens_with_all_rights_and_without_each_of_them(self):
        everything = self._compare(ALL)
        self.assertNotIn("To grant", everything)
        for name in ALL:
            with self.subTest(without=name):
                # The kernel takes CAP_SYS_ADMIN for the other two as well.
                instead = {"bpf": "sys_admin", "perfmon": "sys_admin"}.get(name)
                table = self._compare([other for other in ALL if other not in (name, instead)])
                if instead:
                    self.assertRegex(table, rf"(?m)grant CAP_{name.upper()}:$")
                    # With the others, which would otherwise be lost: a file's capabilities replace those of the process.
                    setcap = re.search(r"setcap '([a-z_,]+)=p' /.*/mqueue_exporter", table)
                    self.assertEqual(set(setcap[1].split(",")), {f"cap_{held}" for held in ALL} - {"cap_sys_admin"}, table)

    def test_says_what_happens_without_any_right_and_how_to_grant_it(self):
        table = self._compare([])
        self.assertRegex(table, r"queue /private +CAP_DAC_READ_SEARCH +no +not looked into")
        self.assertRegex(table, r"queue 0x00000001 +CAP_IPC_OWNER +no +looked into by msg_stat only")
        # These two are enough to read every queue.
        for way in ("To read every queue, grant CAP_BPF, CAP_PERFMON:", "AmbientCapabilities=CAP_BPF CAP_PERFMON",
                    "add: [BPF, PERFMON]", "setcap 'cap_perfmon,cap_bpf=p' /"):
            self.assertIn(way, table)

    def test_says_what_happens_to_readers_that_open_queues(self):
        for capabilities in (["dac_read_search"], ["ipc_owner"], ["dac_read_search", "ipc_owner"]):
            with self.subTest(capabilities=capabilities):
                self._compare(capabilities)


if __name__ == "__main__":
    main()

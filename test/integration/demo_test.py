"""The demo behind `make run`: shows queues, ends on Ctrl-C and leaves nothing."""

import contextlib
import http.client
import os
import re
import signal
import subprocess
import tempfile
import unittest

from support.exporter import BINARY, PORT, Exporter
from support.exposition import Exposition
from support.isolation import mount_mqueue
from support.runner import main
from support.sysv_queue import SysvQueue
from support.waiting import wait_for

TRAFFIC = os.path.abspath("test/demo/traffic")


def scrape():
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)) as client:
        client.request("GET", "/metrics")
        return Exposition(client.getresponse().read().decode("utf-8"))


def here():
    """The label of this test's IPC namespace: other tests' are seen too."""
    return {"ipc_namespace": str(os.stat("/proc/self/ns/ipc").st_ino)}


class DemoTest(unittest.TestCase):

    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.addCleanup(self.directory.cleanup)

    def _start(self):
        """The demo as the leader of a process group of its own, as a shell starts it."""
        self.output = os.path.join(self.directory.name, "output")
        with open(self.output, "w", encoding="utf-8") as output:
            demo = subprocess.Popen(["test/demo/show.sh", TRAFFIC, BINARY, "config/mqueue_exporter.yml"],
                                    stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True)
        self.addCleanup(self._kill_group, demo)
        wait_for(lambda: "Ctrl-C" in self._said(), "the demo is up")
        return demo

    def _said(self):
        with open(self.output, encoding="utf-8") as output:
            return output.read()

    @staticmethod
    def _kill_group(demo):
        if demo.poll() is not None:
            return
        os.killpg(demo.pid, signal.SIGKILL)
        demo.wait()

        def is_gone():
            try:
                os.killpg(demo.pid, 0)
            except ProcessLookupError:
                return True
            return False
        # Its exporter holds the port for as long as it takes to end.
        wait_for(is_gone, "the killed demo is gone")

    def _assert_nothing_left(self, demo):
        with open("/proc/sysvipc/msg", encoding="ascii") as sysv:
            self.assertEqual(len(sysv.readlines()), 1)
        mqueuefs = os.path.join(self.directory.name, "mqueue")
        os.mkdir(mqueuefs)
        mount_mqueue(mqueuefs)
        try:
            self.assertEqual(os.listdir(mqueuefs), [])
        finally:
            subprocess.run(["umount", mqueuefs], check=True)
        with self.assertRaises(ProcessLookupError):
            os.killpg(demo.pid, 0)

    def test_demo_shows_its_queues_and_leaves_nothing_behind(self):
        for ending, whom in ((signal.SIGINT, os.killpg), (signal.SIGINT, os.kill), (signal.SIGTERM, os.kill)):
            with self.subTest(ending=ending, whom=whom.__name__):
                demo = self._start()
                seen = scrape()
                self.assertEqual(len(seen.series("mqueue_up", **here())), 9)
                self.assertEqual(seen.value("mqueue_messages", queue="/mqueue-demo-stalled", **here()), 4)
                self.assertEqual(seen.value("mqueue_message_type_gcount", queue="0x6d716402", **here()), 6)
                self.assertEqual(seen.value("mqueue_message_priority_gcount", queue="/mqueue-demo-stalled", **here()), 4)
                self._assert_queue_elsewhere(seen, demo)
                whom(demo.pid, ending)
                self.assertEqual(demo.wait(timeout=120), 0)
                self._assert_nothing_left(demo)
                os.rmdir(os.path.join(self.directory.name, "mqueue"))

    def _assert_queue_elsewhere(self, seen, demo):
        """The namespace whose resident is of this demo has one queue."""
        others = [info.labels for info in seen.series("mqueue_namespace_info")
                  if info.labels["comm"] == "traffic" and os.getpgid(int(info.labels["pid"])) == demo.pid and
                  info.labels["ipc_namespace"] != here()["ipc_namespace"]]
        self.assertEqual(len(others), 1, others)
        queues = seen.series("mqueue_head_message_priority", ipc_namespace=others[0]["ipc_namespace"])
        self.assertEqual([sample.labels["queue"] for sample in queues], ["/mqueue-demo-starved"])

    def test_output_has_sample_lines_of_the_exposition(self):
        self._start()
        self.assertRegex(self._said(), r'\n  mqueue_messages\{.*queue="/mqueue-demo-nearly-full".*\} \d')
        self.assertRegex(self._said(), r'\n  mqueue_message_type_bucket\{.*queue="0x6d716402".*le="\+Inf"\} 6')

    def test_next_port_is_taken_when_the_usual_one_is_in_use(self):
        with Exporter():
            self._start()
        self.assertTrue(re.search(rf"Port {PORT} is taken.*{PORT + 1}", self._said()))

    def test_queues_of_a_killed_run_are_replaced(self):
        demo = self._start()
        self._kill_group(demo)
        second = self._start()
        self.assertEqual(scrape().value("mqueue_messages", queue="0x6d716402", **here()), 6)
        os.kill(second.pid, signal.SIGTERM)
        self.assertEqual(second.wait(timeout=120), 0)
        self._assert_nothing_left(second)

    def test_queues_of_others_stay(self):
        with SysvQueue(0x1234) as other:
            other.send(b"keep me")
            demo = self._start()
            os.kill(demo.pid, signal.SIGTERM)
            demo.wait(timeout=120)
            self.assertEqual(other.receive(), (b"keep me", 1))


if __name__ == "__main__":
    main()

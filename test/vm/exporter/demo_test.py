"""The demo behind `make vm-demo`: an exporter in a guest, served on the host's loopback. Runs on the host."""

import contextlib
import http.client
import os
import signal
import subprocess
import tempfile
import unittest

from support.exposition import Exposition
from support.runner import main
from support.waiting import wait_for

# Where `make vm-demo` has its parts; this file runs at the root of the sources.
TRAFFIC, EXPORTER = os.environ["TRAFFIC"], os.environ["EXPORTER"]
PORT = 9992
# A boot takes longer than what else is waited for.
_BOOTS = 3


def scrape():
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)) as client:
        client.request("GET", "/metrics")
        return Exposition(client.getresponse().read().decode("utf-8"))


class DemoTest(unittest.TestCase):

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.output = os.path.join(directory.name, "output")

    def _said(self):
        with open(self.output, encoding="utf-8") as output:
            return output.read()

    def _start(self):
        with open(self.output, "w", encoding="utf-8") as output:
            demo = subprocess.Popen(["test/demo/show_in_vm.sh", TRAFFIC, EXPORTER, "config/mqueue_exporter.yml"],
                                    stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        self.addCleanup(demo.terminate)
        for _ in range(_BOOTS):
            with contextlib.suppress(AssertionError):
                wait_for(lambda: "Ctrl-C ends" in self._said() or demo.poll() is not None, "the demo is up")
        self.assertIn(f"http://localhost:{PORT}/metrics", self._said())
        return demo

    def test_demo_in_the_guest_is_served_here_and_ends_on_request(self):
        demo = self._start()
        # The demo's second namespace has a queue of that name too, which only a kernel with BTF shows.
        queue = {"queue": "/mqueue-demo-starved", "ipc_namespace": "host"}

        def starves():
            seen = scrape()
            oldest = seen.value("mqueue_oldest_message_age_seconds", **queue)
            return seen if oldest > seen.value("mqueue_head_message_age_seconds", **queue) else None
        seen = wait_for(starves, "the oldest message is not the head")
        demo.send_signal(signal.SIGINT)
        self.assertEqual(demo.wait(timeout=120), 0)
        self.assertEqual(len(seen.series("mqueue_messages", ipc_namespace="host")), 9)
        self.assertEqual(seen.series("mqueue_queue_info", **queue)[0].labels["reader"], "snapshot")
        self.assertEqual(seen.value("mqueue_head_message_priority", **queue), 9)
        with self.assertRaises(OSError):
            scrape()


if __name__ == "__main__":
    main()

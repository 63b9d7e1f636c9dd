"""What the daemon says of a configuration or a command line that it cannot use: one line that helps, and a status."""

import os
import re
import subprocess
import tempfile
import unittest

from support.exporter import BINARY
from support.runner import main

# What is in the file, and what the error must name: place and piece.
BROKEN = {
    "not YAML": ("interval: [1s\n", r":\d+:\d+: "),
    "a list instead of a mapping": ("- interval\n", r":1:1: "),
    "a value of the wrong type": ("interval: [1s]\n", r":1:11: .*interval"),
    "no duration": ("interval: soon\n", r":1:11: .*soon"),
    "a number out of range": ("peek: {cpu_budget: 7}\n", r":1:20: .*7"),
    "an unknown key": ("interval: 1s\nintervall: 1s\n", r":2:1: .*intervall"),
    "an unknown key deep inside": ("peek:\n  max_messages: {msg_cpy: 3}\n", r":2:\d+: .*msg_cpy"),
    "a doubled key": ("interval: 1s\ninterval: 2s\n", r":2:1: .*interval"),
    "an unknown reader": ("reader: magic\n", r":1:9: .*magic"),
    "a bad regular expression": ("queues: [{regex: '('}]\n", r":1:\d+: .*\("),
    "a label of ours": ("queues: [{match: a, labels: {queue: x}}]\n", r":1:\d+: .*queue"),
    "buckets that do not rise": ("queues: [{match: a, priority_buckets: [3, 1]}]\n", r":1:\d+: "),
    "invalid UTF-8": (b"reader: \xff\xfe\n", r""),
    "a NUL byte": (b"interval: 1s\n\0", r""),
}


def run(*arguments):
    return subprocess.run([BINARY, *arguments], capture_output=True, text=True, timeout=120, check=False)


class ConfigTest(unittest.TestCase):

    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.addCleanup(self.directory.cleanup)
        self.path = os.path.join(self.directory.name, "config.yml")

    def _write(self, text):
        with open(self.path, "wb") as config:
            config.write(text if isinstance(text, bytes) else text.encode())

    def test_broken_file_is_refused_with_its_place(self):
        for name, (text, expected) in BROKEN.items():
            with self.subTest(name):
                self._write(text)
                for check in (["--config.check"], []):
                    done = run(f"--config.file={self.path}", *check)
                    self.assertEqual(done.returncode, 1, done.stderr)
                    self.assertIn(self.path, done.stdout + done.stderr)
                    self.assertRegex(done.stdout + done.stderr, re.escape(self.path) + expected)

    def test_empty_file_and_absent_default_file_are_the_defaults(self):
        for text in ("", "# nothing but a comment\n", "---\n"):
            with self.subTest(text=text):
                self._write(text)
                self.assertEqual(run(f"--config.file={self.path}", "--config.check").returncode, 0)
        self.assertEqual(run("--config.check").returncode, 0)

    def test_named_file_must_be_there_and_readable(self):
        for path in (self.path, self.directory.name):
            with self.subTest(path=path):
                done = run(f"--config.file={path}", "--config.check")
                self.assertEqual(done.returncode, 1)
                self.assertIn(path, done.stdout + done.stderr)

    def test_pipe_is_read_once(self):
        done = subprocess.run(["bash", "-c", f"{BINARY} --config.check --config.file=<(echo 'interval: 1s')"],
                              capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("a reload cannot read it again", done.stderr)
        done = subprocess.run(["bash", "-c", f"{BINARY} --config.check --config.file=<(false)"],
                              capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("the pipe is empty", done.stderr)

    def test_shipped_file_is_accepted(self):
        done = run("--config.file=config/mqueue_exporter.yml", "--config.check")
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_unknown_flag_is_refused_with_one_line(self):
        done = run("--web.listen-adress=:1")
        self.assertNotEqual(done.returncode, 0)
        self.assertEqual(len((done.stdout + done.stderr).strip().splitlines()), 1)
        self.assertIn("--web.listen-adress", done.stdout + done.stderr)

    def test_version_and_help_are_printed(self):
        version = run("--version")
        self.assertEqual(version.returncode, 0)
        self.assertRegex(
            version.stdout,
            r"^mqueue_exporter, version [\d.]+ \(revision: \S+\)\n  compiler: +g\+\+ .+\n  platform: +linux/\w+\n$")
        usage = run("--help")
        self.assertEqual(usage.returncode, 0)
        for flag in ("--config.file", "--web.listen-address", "--log.format"):
            self.assertIn(flag, usage.stdout)


if __name__ == "__main__":
    main()

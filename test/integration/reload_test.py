"""Reloading, by signal and over HTTP: what is broken leaves the old configuration in force."""

import os
import unittest

from support.exporter import FAST, Exporter
from support.posix_queue import PosixQueue
from support.runner import main
from support.sysv_queue import SysvQueue
from support.waiting import wait_for

HIDING = FAST + "queues: [{match: '/hidden*', exclude: true}]\n"
BROKEN = FAST + "queues: [{match: '/hidden*', exclude: perhaps}]\n"


def successful(seen):
    return seen.value("mqueue_exporter_config_last_reload_successful")


class ReloadTest(unittest.TestCase):

    def setUp(self):
        for name in (b"/hidden", b"/shown"):
            self.addCleanup(PosixQueue(name).remove)

    def _start(self, config, flags=("--web.enable-lifecycle",)):
        exporter = Exporter(config, flags)
        self.addCleanup(exporter.__exit__)
        return exporter

    def test_signal_brings_the_new_rules_into_force(self):
        exporter = self._start(FAST)
        self.assertEqual(exporter.scrape().queues(), {"/hidden", "/shown"})
        exporter.write_config(HIDING)
        exporter.reload()
        seen = exporter.wait_for_exposition(lambda seen: seen.queues() == {"/shown"}, "the new rules")
        self.assertEqual(successful(seen), 1)

    def test_signals_that_a_parent_blocked_come_through(self):
        blocking = ("import os, signal, sys\n"
                    "signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT, signal.SIGHUP})\n"
                    "os.execv(sys.argv[1], sys.argv[1:])\n")
        with Exporter(before=["/usr/bin/python3", "-c", blocking]) as exporter:
            exporter.reload()
            wait_for(lambda: "configuration reloaded" in exporter.log(), "a reload")
            self.assertEqual(exporter.stop(), 0)

    def test_line_of_the_reload_comes_when_the_web_configuration_has_been_read_too(self):
        # The signal confirms the file that was there before this line, and no later one.
        with Exporter(web="rate_limit: {interval: 1ms, burst: 1000}\n") as exporter:
            exporter.write_web("rate_limit: {interval: 1ms, burst: 1001}\n")
            exporter.reload()
            wait_for(lambda: 'msg="configuration reloaded"' in exporter.log(), "a reload")
            self.assertRegex(exporter.log(), '(?s)msg="web configuration changed.*msg="configuration reloaded"')

    def test_request_brings_the_new_rules_into_force(self):
        exporter = self._start(FAST)
        exporter.write_config(HIDING)
        self.assertEqual(exporter.get("/-/reload", method="POST").status, 200)
        exporter.wait_for_exposition(lambda seen: seen.queues() == {"/shown"}, "the new rules")

    def test_broken_file_changes_nothing_but_the_metric(self):
        exporter = self._start(HIDING)
        loaded = exporter.scrape().value("mqueue_exporter_config_last_reload_success_timestamp_seconds")
        exporter.write_config(BROKEN)
        exporter.reload()
        seen = exporter.wait_for_exposition(lambda seen: successful(seen) == 0, "a failed reload")
        self.assertEqual(seen.queues(), {"/shown"})
        self.assertEqual(seen.value("mqueue_exporter_config_last_reload_success_timestamp_seconds"), loaded)
        self.assertIn("perhaps", exporter.log())

    def test_broken_file_is_explained_in_the_reply(self):
        exporter = self._start(HIDING)
        exporter.write_config(BROKEN)
        reply = exporter.get("/-/reload", method="POST")
        self.assertEqual(reply.status, 500)
        self.assertRegex(reply.text, r"config\.yml:2:\d+: .*perhaps")
        self.assertEqual(exporter.scrape().queues(), {"/shown"})

    def test_file_that_is_gone_changes_nothing(self):
        exporter = self._start(HIDING)
        os.unlink(exporter.config_file)
        self.assertEqual(exporter.get("/-/reload", method="POST").status, 500)
        seen = exporter.wait_for_exposition(lambda seen: successful(seen) == 0, "a failed reload")
        self.assertEqual(seen.queues(), {"/shown"})

    def test_pipe_is_not_read_again(self):
        exporter = self._start(HIDING)
        os.unlink(exporter.config_file)
        os.mkfifo(exporter.config_file)
        reply = exporter.get("/-/reload", method="POST")
        self.assertEqual(reply.status, 500)
        self.assertIn("is a pipe, which cannot be read again", reply.text)
        self.assertEqual(exporter.scrape().queues(), {"/shown"})

    def test_mended_file_is_taken_after_a_broken_one(self):
        exporter = self._start(FAST)
        exporter.write_config(BROKEN)
        exporter.reload()
        exporter.wait_for_exposition(lambda seen: successful(seen) == 0, "a failed reload")
        exporter.write_config(HIDING)
        exporter.reload()
        exporter.wait_for_exposition(lambda seen: successful(seen) == 1 and seen.queues() == {"/shown"},
                                     "the new rules")

    def test_counters_and_ages_survive_a_reload(self):
        with PosixQueue(b"/stuck") as queue:
            queue.send(b"x")
            exporter = self._start(FAST)
            before = exporter.wait_for_exposition(
                lambda seen: seen.value("mqueue_head_message_age_seconds", queue="/stuck") > 1.5, "an age")
            exporter.write_config(HIDING)
            exporter.reload()
            after = exporter.wait_for_exposition(lambda seen: "/hidden" not in seen.queues(), "the new rules")
        for name in ("mqueue_exporter_looks_total",):
            self.assertGreaterEqual(after.value(name), before.value(name))
        self.assertEqual(after.value("mqueue_head_message_timestamp_seconds", queue="/stuck"),
                         before.value("mqueue_head_message_timestamp_seconds", queue="/stuck"))

    def test_head_that_others_are_sent_behind_survives_a_reload(self):
        with SysvQueue(7) as queue:
            queue.send(b"head")
            exporter = self._start(FAST)
            before = exporter.wait_for_exposition(
                lambda seen: seen.value("mqueue_head_message_age_seconds", queue=queue.label) > 1.5, "an age")
            queue.send(b"behind")
            exporter.write_config(HIDING)
            exporter.reload()
            after = exporter.wait_for_exposition(
                lambda seen: "/hidden" not in seen.queues() and seen.value("mqueue_messages", queue=queue.label) == 2,
                "the new rules")
        self.assertEqual(after.value("mqueue_head_message_timestamp_seconds", queue=queue.label),
                         before.value("mqueue_head_message_timestamp_seconds", queue=queue.label))

    def test_many_reloads_in_a_row_are_survived(self):
        exporter = self._start(FAST)
        for number in range(50):
            exporter.write_config(HIDING if number % 2 else FAST)
            exporter.reload()
        exporter.wait_for_exposition(lambda seen: seen.queues() == {"/shown"}, "the last rules")


if __name__ == "__main__":
    main()

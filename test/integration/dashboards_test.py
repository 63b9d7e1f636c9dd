"""The shipped Prometheus, Alertmanager and Grafana files at work: every query of the dashboards brings data, and an
alert goes all the way to a webhook.

Prometheus scrapes two hosts. LIVE is the built daemon, which looks at the queues of the demo. RECORDED serves the golden
exposition of the daemon's own tests, for the series in ONLY_RECORDED: a stock kernel, as this test may run on, does not
have them. Every other query must bring data from the daemon at work.
"""

import time
import unittest

import yaml

from support.dashboards import annotation_questions, panel_questions, variable_questions
from support.posix_queue import PosixQueue
from support.runner import main
from support.site import CONFIG, LIVE, RECORDED, Site
from support.waiting import wait_for

PROVISIONING = "grafana/provisioning"

# What only some kernels and readers tell.
ONLY_RECORDED = {
    "mqueue_namespace_info", "mqueue_received_messages_total", "mqueue_sent_messages_total", "mqueue_waiting_receivers",
    "mqueue_waiting_senders", "queue:mqueue_oldest_message_age:seconds", "queue:mqueue_received_messages:rate5m",
    "queue:mqueue_sent_messages:rate5m",
}


class DashboardsTest(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.growing = cls.enterClassContext(PosixQueue(b"/grows"))
        cls.site = cls.enterClassContext(Site())
        cls.prometheus = cls.site.prometheus
        cls.begin = time.time()
        # The alert that will fire, on the live host: it takes its minute while the other tests run.
        cls.site.exporter.write_config("interval: never\n")
        cls.site.exporter.reload()
        cls._grow()

    @classmethod
    def _grow(cls):
        for messages in range(1, 4):
            cls.growing.send(b"x")
            cls.prometheus.wait_for_value('mqueue_messages{queue="/grows"}', lambda value: value == messages)

    def _queues(self, host):
        return [labels for labels, _ in self.prometheus.query(f'mqueue_up{{instance="{host}"}}')]

    def _variables(self, question, host):
        """What a reader might have chosen: all queues of the host, or each queue in turn."""
        if question.dashboard == "mqueue-queue":
            return [{"host": host, "namespace": labels["ipc_namespace"], "ipc": labels["ipc"], "queue": labels["queue"]}
                    for labels in self._queues(host)]
        return [{"host": host, "namespace": ".*", "ipc": ".*", "queue": ".*", "top": "10"}]

    def _has_data(self, question, host):
        for variables in self._variables(question, host):
            expression = question.filled(variables)
            if question.instant:
                found = self.prometheus.query(expression)
            else:
                found = self.prometheus.query_range(expression, self.begin, time.time(), 1)
            if found:
                return True
        return False

    def _assert_data(self, questions, host):
        missing = list(questions)

        def ask():
            missing[:] = [question for question in missing if not self._has_data(question, host)]
            return not missing
        try:
            wait_for(ask, "data")
        except AssertionError:
            self.fail(f"nothing from {host} for: " + "\n".join(
                f"{question.dashboard}, {question.title}: {question.expression}" for question in missing))

    def test_both_hosts_are_scraped_with_the_shipped_configuration(self):
        for host in (LIVE, RECORDED):
            self.prometheus.wait_for_value(f'up{{job="mqueue",instance="{host}"}}', lambda value: value == 1)

    def test_every_panel_has_data(self):
        questions = panel_questions()
        self.assertGreater(len(questions), 70)
        recorded = [question for question in questions if question.names() & ONLY_RECORDED]
        live = [question for question in questions if question not in recorded]
        self.assertGreater(len(live), len(recorded))
        self._assert_data(live, LIVE)
        self._assert_data(recorded, RECORDED)

    def test_query_that_asks_for_nothing_there_is_found(self):
        question = panel_questions()[0]
        broken = type(question)(question.dashboard, question.title, question.expression.replace("mqueue_", "mqueu_"))
        self.assertNotEqual(broken.expression, question.expression)
        self.assertFalse(self._has_data(broken, LIVE))

    def test_every_variable_has_values(self):
        self._assert_data(variable_questions(), LIVE)

    def test_alerts_become_annotations(self):
        questions = annotation_questions()
        self._assert_data([question for question in questions if question.dashboard != "mqueue-queue"], LIVE)
        # The message of the recording is from long ago, so that its alert fires after a minute.
        self._assert_data([question for question in questions if question.dashboard == "mqueue-queue"], RECORDED)

    def test_alert_goes_to_the_webhook_and_ends_when_its_reason_does(self):
        labels = {"alertname": "MqueueConfigReloadFailed", "instance": LIVE}
        alert = self.site.webhook.wait_for_alert("firing", **labels)
        self.assertEqual(alert["labels"]["severity"], "warning")
        self.assertEqual(alert["annotations"]["summary"],
                         f"The exporter on {LIVE} did not take its new configuration")
        self.assertTrue(alert["annotations"]["runbook_url"].endswith("docs/alerts.md#mqueueconfigreloadfailed"))
        self.site.exporter.write_config(CONFIG)
        self.site.exporter.reload()
        self.site.webhook.wait_for_alert("resolved", **labels)

    def test_alert_names_queue_and_age(self):
        alert = self.site.webhook.wait_for_alert("firing", alertname="MqueueHeadMessageOld", queue="/orders")
        self.assertRegex(alert["annotations"]["summary"], rf"^The head of queue /orders on {RECORDED} has waited for \d+d ")

    def test_provisioning_points_at_dashboards_and_prometheus(self):
        with open(f"{PROVISIONING}/dashboards/mqueue.yml", encoding="utf-8") as file:
            self.assertEqual([provider["type"] for provider in yaml.safe_load(file)["providers"]], ["file"])
        with open(f"{PROVISIONING}/datasources/prometheus.yml", encoding="utf-8") as file:
            self.assertEqual([source["type"] for source in yaml.safe_load(file)["datasources"]], ["prometheus"])


if __name__ == "__main__":
    main()

"""The shipped rules, by Prometheus's own judge: they are valid, every alert fires when it should and not else."""

import re
import subprocess
import unittest

import yaml

from support.runner import main

RULES = "deploy/prometheus"
RUNBOOKS = "docs/alerts.md"
ALERT_TESTS = ("fill_alerts_test.yml", "flow_alerts_test.yml", "exporter_alerts_test.yml")


def load(name):
    with open(f"{RULES}/{name}", encoding="utf-8") as file:
        return yaml.safe_load(file)


def alerts():
    return [rule for group in load("alerts.yml")["groups"] for rule in group["rules"]]


def rule_tests():
    return [test for name in ALERT_TESTS
            for test in load(f"tests/{name}")["tests"]]


def anchors(markdown):
    """What the headings are linked by, as the usual renderers of Markdown make it."""
    headings = re.findall(r"^#+ (.+)$", markdown, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


class RulesTest(unittest.TestCase):

    def _succeeds(self, *command):
        done = subprocess.run(command, cwd=RULES, text=True, capture_output=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_configurations_are_valid(self):
        self._succeeds("promtool", "check", "config", "prometheus.yml")
        self._succeeds("amtool", "check-config", "alertmanager.yml")

    def test_rules_are_valid(self):
        self._succeeds("promtool", "check", "rules", "recording_rules.yml", "alerts.yml")

    def test_rules_do_what_they_are_for(self):
        for name in ("recording_rules_test.yml", *ALERT_TESTS):
            with self.subTest(name=name):
                self._succeeds("promtool", "test", "rules", f"tests/{name}")

    def test_every_alert_is_seen_firing_and_silent(self):
        fires = {alert for test in rule_tests() for question in test["promql_expr_test"]
                 for sample in question["exp_samples"] for alert in re.findall(r'alertname="(\w+)"', sample["labels"])}
        silent = {name for name, what in (test["name"].split(" ", 1) for test in rule_tests())
                  if what.startswith("stays silent")}
        names = {alert["alert"] for alert in alerts()}
        self.assertEqual(fires, names)
        self.assertEqual(silent, names)

    def test_every_alert_tells_what_to_do(self):
        with open(RUNBOOKS, encoding="utf-8") as runbooks:
            known = anchors(runbooks.read())
        for alert in alerts():
            with self.subTest(alert=alert["alert"]):
                self.assertIn(alert["labels"]["severity"], ("warning", "critical"))
                self.assertEqual(set(alert["annotations"]), {"summary", "description", "runbook_url"})
                self.assertIn("$labels.", alert["annotations"]["summary"])
                self.assertRegex(alert["for"], r"^\d+m$")
                page, anchor = alert["annotations"]["runbook_url"].split("#")
                self.assertTrue(page.endswith("/" + RUNBOOKS))
                self.assertEqual(anchor, alert["alert"].lower())
                self.assertIn(anchor, known)

    def test_inhibitions_name_alerts_that_exist(self):
        names = {alert["alert"] for alert in alerts()}
        for rule in load("alertmanager.yml")["inhibit_rules"]:
            for matcher in rule["source_matchers"] + rule["target_matchers"]:
                pattern = re.search(r"(=|!=|=~) *\"?([^\"]+)\"?$", matcher).group(2)
                with self.subTest(matcher=matcher):
                    wanted = re.sub(r"^Mqueue\((.+)\)$", r"\1", pattern).split("|")
                    for name in wanted:
                        self.assertTrue(any(re.fullmatch(f"(Mqueue)?{name}", known) for known in names), name)


if __name__ == "__main__":
    main()

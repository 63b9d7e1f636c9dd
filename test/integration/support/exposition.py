"""An exposition as parsers read it that no one here wrote: those of Debian's python3-prometheus-client and promtool."""

import subprocess

from prometheus_client.openmetrics import parser as openmetrics_parser
from prometheus_client import parser as text_parser

TEXT = "text/plain;version=0.0.4"
OPENMETRICS = "application/openmetrics-text;version=1.0.0"


class Exposition:
    """The samples of one scrape."""

    def __init__(self, text, openmetrics=False):
        parse = openmetrics_parser if openmetrics else text_parser
        self.text = text
        self.families = {family.name: family for family in parse.text_string_to_metric_families(text)}
        self.samples = [sample for family in self.families.values() for sample in family.samples]

    def series(self, name, **labels):
        """The samples of that series name whose labels include `labels`."""
        return [sample for sample in self.samples
                if sample.name == name and labels.items() <= sample.labels.items()]

    def value(self, name, **labels):
        """The value of the one such sample; AssertionError when there is none or more than one."""
        found = self.series(name, **labels)
        assert len(found) == 1, f"{name}{labels}: {len(found)} series"
        return found[0].value

    def queues(self):
        """The names of all queues that the exposition speaks of."""
        return {sample.labels["queue"] for sample in self.samples if "queue" in sample.labels}

    def histogram(self, name, **labels):
        """The cumulative counts of a histogram by upper bound."""
        return {float(sample.labels["le"]): sample.value for sample in self.series(name + "_bucket", **labels)}

    def keys(self):
        """Name and labels of every sample, to compare expositions."""
        return sorted((sample.name, tuple(sorted(sample.labels.items()))) for sample in self.samples)


def promtool_check(text):
    """What `promtool check metrics` finds wrong with a text exposition; empty when nothing."""
    done = subprocess.run(["promtool", "check", "metrics"], input=text, text=True, capture_output=True, check=False)
    return done.stdout + done.stderr if done.returncode != 0 else ""

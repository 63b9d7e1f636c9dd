"""What the committed dashboards ask Prometheus."""

import json
import re
from dataclasses import dataclass

_DIRECTORY = "grafana/dashboards"
NAMES = ("mqueue-overview", "mqueue-queue", "mqueue-exporter")


@dataclass(frozen=True)
class Question:
    """One query: the dashboard's uid, the panel's or variable's title, PromQL with variables in it."""

    dashboard: str
    title: str
    expression: str
    instant: bool = False

    def filled(self, variables):
        """The expression as Grafana would send it. What only fills a gap with 0 is left out: it would hide a gap."""
        expression = self.expression.replace(" or vector(0)", "").replace("$__rate_interval", "1m")
        for name, value in variables.items():
            quoted = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
            expression = expression.replace(f"${name}", quoted)
        assert "$" not in expression, expression
        return expression

    def names(self):
        """The metrics that it asks for."""
        return set(re.findall(r"\b(?:(?:queue|namespace):)?(?:mqueue|process|scrape)_[a-z0-9_]+(?::[a-z0-9]+)?\b",
                              self.expression))


def _load(name):
    with open(f"{_DIRECTORY}/{name}.json", encoding="utf-8") as file:
        return json.load(file)


def panel_questions():
    """The queries of all panels of all dashboards."""
    return [Question(name, panel["title"], target["expr"], target["instant"])
            for name in NAMES for panel in _load(name)["panels"] for target in panel.get("targets", [])]


def annotation_questions():
    return [Question(name, annotation["name"], annotation["expr"])
            for name in NAMES for annotation in _load(name)["annotations"]["list"]]


def variable_questions():
    """The series behind each variable that asks Prometheus, one element a value."""
    found = []
    for name in NAMES:
        for variable in _load(name)["templating"]["list"]:
            if variable["type"] == "query":
                series, label = re.fullmatch(r"label_values\((.+), (\w+)\)", variable["query"]["query"]).groups()
                found.append(Question(name, variable["name"], f"group by ({label}) ({series})"))
    return found

#!/usr/bin/python3
"""Lets the parser of Debian's python3-prometheus-client read the golden file in OpenMetrics."""

import sys

from prometheus_client.openmetrics.parser import text_string_to_metric_families

with open("daemon/metrics/testdata/host.openmetrics.txt", encoding="utf-8", newline="\n") as golden:
    families = {family.name: family for family in text_string_to_metric_families(golden.read())}

names = {sample.labels["queue"] for sample in families["mqueue_up"].samples}
expected = {'/a"b\\x5cc\nd', "/a\\x5cxff", "/a\\xff", "/\\x1b[31m\u00e9", "/orders", "/secret"}
if not expected <= names:
    sys.exit(f"the parser sees other names: {sorted(names)}")
if families["mqueue_message_type"].type != "gaugehistogram":
    sys.exit("mqueue_message_type is no gauge histogram")

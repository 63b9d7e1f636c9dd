#!/bin/bash
# Lets Prometheus's own tool read the golden file in text format 0.0.4: it parses it and complains about bad style too.
set -euo pipefail
exec promtool check metrics <daemon/metrics/testdata/host.txt

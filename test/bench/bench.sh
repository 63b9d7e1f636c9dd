#!/bin/bash
# Runs from the root of the runfiles.
set -euo pipefail
export PYTHONPATH=$PWD/test/bench:$PWD/test/integration PYTHONDONTWRITEBYTECODE=1
exec /usr/bin/python3 -P test/bench/bench.py

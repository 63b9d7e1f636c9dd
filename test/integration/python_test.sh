#!/bin/bash
# usage: python_test.sh TEST.py, from the root of the runfiles
set -euo pipefail
export PYTHONPATH=$PWD/test/integration PYTHONDONTWRITEBYTECODE=1
exec /usr/bin/python3 -P "$@"

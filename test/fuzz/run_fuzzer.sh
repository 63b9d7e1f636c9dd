#!/bin/bash
# Runs a fuzzer over the seeds and then a bounded number of inputs grown from them.
# usage: run_fuzzer.sh FUZZER RUNS MAX_LEN SEED...
set -euo pipefail

readonly fuzzer=$1 runs=$2 max_len=$3
shift 3

readonly corpus=$TEST_TMPDIR/corpus
mkdir -p "$corpus"
for seed in "$@"; do cp --dereference --backup=numbered "$seed" "$corpus/"; done

export ASAN_SYMBOLIZER_PATH=/usr/bin/llvm-symbolizer-19
# A crashing input is kept with the test's outputs.
exec "$fuzzer" "$corpus" -runs="$runs" -max_len="$max_len" -seed=1 -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
  -artifact_prefix="${TEST_UNDECLARED_OUTPUTS_DIR:-$TEST_TMPDIR}/"

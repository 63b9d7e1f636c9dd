#!/bin/bash
# usage: clang_tidy.sh REPORT SOURCE CONFIG FLAG...: writes what clang-tidy says of SOURCE, and fails if it says anything.
set -uo pipefail

readonly report=$1 source=$2 config=$3
shift 3

checks=
if [[ $source == *_test.cc ]]; then
  # EXPECT_… is what checks an optional in a test, and the analyzer takes 12 s a test to walk GoogleTest's macros.
  checks='-clang-analyzer-*,-bugprone-unchecked-optional-access'
fi

if ! clang-tidy-19 --quiet --config-file="$config" --checks="$checks" "$source" -- "$@" >"$report" 2>"$report.noise"; then
  # Warnings suppressed in system headers are counted on standard error: only worth showing beside a finding.
  cat "$report" "$report.noise" >&2
  exit 1
fi

#!/bin/bash
# usage: clang_tidy.sh REPORT SOURCE CONFIG FLAG...: writes what clang-tidy says of SOURCE, and fails if it says anything.
set -uo pipefail

readonly report=$1 source=$2 config=$3
shift 3

checks=
if [[ $source == *_test.cc ]]; then
  # The names and a few traps are enough: all checks would take longer over GoogleTest's macros than over all the rest.
  checks='-*,bugprone-use-after-move,bugprone-infinite-loop,google-build-*,google-explicit-constructor,
    misc-redundant-expression,misc-unused-*,modernize-use-override,readability-duplicate-include,
    readability-identifier-naming'
elif grep -q co_await "$source"; then
  # Through the frames of Asio's coroutines these two follow paths that do not exist, and find mistakes in Asio's headers.
  checks=-clang-analyzer-core.CallAndMessage,-clang-analyzer-core.NullDereference
fi

if ! clang-tidy-19 --quiet --config-file="$config" --checks="$checks" "$source" -- "$@" >"$report" 2>"$report.noise"; then
  # Warnings suppressed in system headers are counted on standard error: only worth showing beside a finding.
  cat "$report" "$report.noise" >&2
  exit 1
fi

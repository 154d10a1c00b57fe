#!/usr/bin/env bash
# Set-up, then the tests. `--slow` runs the long suites (*.slow.test.ts) instead. Ends with a line "N passed, N failed".
set -uo pipefail
cd "$(dirname "$0")/.."
bash scripts/setup.sh || exit 1
suite=(); if [ "${1:-}" = --slow ]; then export SELFFER_SLOW=1; shift; fi
report=$(mktemp)
node_modules/.bin/vitest run --reporter=default --reporter=json --outputFile.json="$report" "${suite[@]}" "$@"
status=$?
node scripts/test-summary.mjs "$report" || status=1
rm -f "$report"
exit "$status"

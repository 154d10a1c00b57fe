#!/usr/bin/env bash
# Set-up, then the demo: `npm run demo` or `npm run demo -- --out DIR`.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
bash "$here/scripts/setup.sh"
exec node "$here/bin/selffer.js" demo "$@"

#!/usr/bin/env bash
# All set-up on a Debian or Ubuntu machine with Node 20: oneDNN from the distribution, npm packages from the lock
# file, the build. Idempotent and quiet: does only what is missing. Elsewhere it says what it cannot do and continues.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf 'setup: %s\n' "$*" >&2; }

if ! command -v node >/dev/null || ! node -e 'const [a,b]=process.versions.node.split(".").map(Number);process.exit(a>20||(a===20&&b>=15)?0:1)'; then
  say "found $(node --version 2>/dev/null || echo 'no Node'), wanted Node 20.15 or newer: https://nodejs.org"
  exit 1
fi

# The system's library cache lists what dlopen would find.
has_onednn() { (ldconfig -p 2>/dev/null || /sbin/ldconfig -p 2>/dev/null) | grep -q 'libdnnl\.so\.[23][. ]'; }

# libdnnl2 in Debian 12 and Ubuntu 22.04, libdnnl3 in Ubuntu 24.04, libdnnl3.6 in Debian 13: the first that the distribution has.
onednn_package() { apt-cache search --names-only '^libdnnl[23][0-9.]*$' | cut -d' ' -f1 | sort | head -n 1; }
install_package() { DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "$1"; }

install_onednn() {
  as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    if sudo -n true 2>/dev/null; then as_root=(sudo -n); else
      local name; name=$(onednn_package)
      say 'oneDNN is missing and installing it needs root. Run this, then start again:'
      say "  sudo apt-get update && sudo apt-get install -y ${name:-libdnnl2}"
      exit 1
    fi
  fi
  say 'installing oneDNN (libdnnl2, or what the distribution has instead) ...'
  local log; log=$(mktemp)
  if ! { "${as_root[@]}" apt-get update -qq && install_package "$(onednn_package)"; } >"$log" 2>&1; then
    cat "$log" >&2
    say 'could not install libdnnl2 (Debian 12, Ubuntu 22.04), libdnnl3 (Ubuntu 24.04) or libdnnl3.6 (Debian 13).'
    say "See 'node bin/selffer.js doctor'. The slow reference executor still works."
  fi
  rm -f "$log"
}

if ! has_onednn; then
  if command -v apt-get >/dev/null; then install_onednn; else
    say "oneDNN is missing and this is neither Debian nor Ubuntu: install it by hand; 'node bin/selffer.js doctor' says what is looked for."
  fi
fi

if [ ! -f node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  say 'installing npm packages ...'
  # Its script would fetch what only NVIDIA cards need, from another registry.
  ONNXRUNTIME_NODE_INSTALL=skip npm ci --no-audit --no-fund --loglevel=error >&2
  touch node_modules/.package-lock.json
fi

node scripts/build.mjs

#!/usr/bin/env bash
# run.sh WORK BINARY CHROMIUM PYTHON NODE NPM - make the pages of patients.py, open each, and hold it to check.mjs.
# Exit 77 (skipped) where there is no Chromium.
set -eu
work=$1 binary=$2 chromium=$3 python=$4 node=$5 npm=$6
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
if [ ! -x "$chromium" ]; then echo "browser tests skipped: no Chromium (Debian: apt-get install chromium)"; exit 77; fi
mkdir -p "$work/patients" "$work/pages"
cp "$here/package.json" "$here/package-lock.json" "$here/check.mjs" "$work"
if ! cmp -s "$work/package-lock.json" "$work/fetched"; then # once per build folder
  (cd "$work" && "$npm" ci --ignore-scripts --no-audit --no-fund --prefer-offline --loglevel=error) && cp "$work/package-lock.json" "$work/fetched"
fi
"$python" "$here/patients.py" "$work/patients"
for document in "$work"/patients/*.json; do
  "$binary" report -o "$work/pages/$(basename "$document" .json).html" "$document"
done
exec "$node" "$work/check.mjs" "$chromium" "$work"

#!/bin/sh
# Brings the QR decoder into this folder, from the version in package-lock.json, so
# that it is built into the binary. Without it everything works, but phones whose
# browser has no reader of its own (iPhones) scan through their camera app only.
set -eu
cd "$(dirname "$0")"
npm ci --ignore-scripts --no-audit --no-fund
for part in decode index; do
  # Its licence asks to go wherever it goes.
  { echo '/*'; cat node_modules/qr/LICENSE-MIT; echo '*/'; cat "node_modules/qr/$part.js"; } >"$part.js"
done
rm -r node_modules

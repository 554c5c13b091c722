#!/usr/bin/env bash
# Installs what the tests drive and the machine does not have: a browser, foreign BitTorrent clients, players.
set -euo pipefail
declare -A packages=(
  [chromium]=chromium [firefox-esr]=firefox-esr [transmission-daemon]=transmission-daemon [transmission-create]=transmission-cli
  [aria2c]=aria2 [ffprobe]=ffmpeg [mpv]=mpv [curl]=curl [ip]=iproute2
  [desktop-file-validate]=desktop-file-utils
)
missing=()
for command in "${!packages[@]}"; do
  command -v "$command" >/dev/null || missing+=("${packages[$command]}")
done
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
[ ${#missing[@]} -gt 0 ] || exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "The tests need: ${missing[*]}. Install them, or run 'make test' as root on Debian." >&2
  exit 1
fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
echo "Installing from the system's packages, for the tests: ${missing[*]}"
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null 2>"$log" || { cat "$log" >&2; exit 1; }

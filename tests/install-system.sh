#!/usr/bin/env bash
# Installs what the tests drive and the machine does not have: a browser, foreign BitTorrent clients, players.
set -euo pipefail
declare -A packages=(
  [chromium]=chromium [firefox-esr]=firefox-esr [transmission-daemon]=transmission-daemon [transmission-create]=transmission-cli
  [aria2c]=aria2 [ffprobe]=ffmpeg [mpv]=mpv [curl]=curl [ip]=iproute2
  [desktop-file-validate]=desktop-file-utils [certutil]=libnss3-tools
)
# Spares the tests a third of the processor; where it cannot be had, they drive the whole browser.
light=chromium-headless-shell
missing=()
for command in "${!packages[@]}"; do
  command -v "$command" >/dev/null || missing+=("${packages[$command]}")
done
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
if [ ${#missing[@]} -eq 0 ] && command -v "$light" >/dev/null; then exit 0; fi
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  [ ${#missing[@]} -gt 0 ] || exit 0
  echo "The tests need: ${missing[*]}. Install them, or run 'make test' as root on Debian." >&2
  exit 1
fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
install() { apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>"$log"; }
apt-get update -qq || [ ${#missing[@]} -eq 0 ]
if [ ${#missing[@]} -gt 0 ]; then
  echo "Installing from the system's packages, for the tests: ${missing[*]}"
  install "${missing[@]}" || { cat "$log" >&2; exit 1; }
fi
command -v "$light" >/dev/null || install "$light" || echo "There is no $light here: the tests take longer"

#!/usr/bin/env bash
# Makes the chroots of the lab: one real Asterisk each, from Debian. A second run finds them and takes no time.
# Usage: lab/setup.sh [22] [16]     (default: both; as root, under two minutes and 0.4 GB each)
# They live under ${CALLWEAVE_LAB:-/var/cache/callweave-lab}; the Debian mirror is the one apt uses here, or
# ${CALLWEAVE_DEBIAN_MIRROR}.
set -euo pipefail
cache=${CALLWEAVE_LAB:-/var/cache/callweave-lab}

fail() { printf 'lab/setup.sh: %s\n' "$*" >&2; exit 1; }

[ "$(id -u)" = 0 ] || fail "needs root: chroots and mount namespaces are made"
mkdir -p "$cache/run"

packages=()
command -v debootstrap >/dev/null || packages+=(debootstrap)
command -v unshare >/dev/null || packages+=(util-linux)
if [ ${#packages[@]} -gt 0 ]; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
fi

exec 9>"$cache/setup.lock"
flock 9 # two builds side by side wait for each other

mirror=${CALLWEAVE_DEBIAN_MIRROR:-$(grep -rhE '^(URIs:|deb )' /etc/apt/sources.list /etc/apt/sources.list.d 2>/dev/null |
  grep -oE '[a-z+]+://[^ ]+/debian/?( |$)' | tr -d ' ' | sed -n 1p || true)}
[ -n "$mirror" ] || fail "no Debian mirror in /etc/apt/sources*; name one in CALLWEAVE_DEBIAN_MIRROR"

make_chroot() { # version suite packages
  local root=$cache/ast$1
  if ! chroot "$root" asterisk -V >/dev/null 2>&1; then
    rm -rf "$root.new" "$root"
    debootstrap --variant=minbase --include="$3" "$2" "$root.new" "$mirror" >"$cache/debootstrap-$1.log" 2>&1 || {
      tail -n 5 "$cache/debootstrap-$1.log" >&2
      fail "debootstrap of Asterisk $1 failed; the whole log is $cache/debootstrap-$1.log"
    }
    # What an instance is given at start is mounted over these.
    mkdir -p "$root.new/pbx"
    touch "$root.new/etc/hosts" "$root.new/etc/resolv.conf"
    rm -f "$root.new"/var/cache/apt/archives/*.deb
    mv "$root.new" "$root"
  fi
  printf '%s: %s\n' "$1" "$(chroot "$root" asterisk -V)"
}

[ $# -gt 0 ] || set -- 22 16
for version in "$@"; do
  case $version in
    22) make_chroot 22 sid asterisk,asterisk-core-sounds-en-gsm ;;
    16) make_chroot 16 bullseye asterisk,asterisk-core-sounds-en-gsm,asterisk-voicemail ;;
    *) fail "unknown version $version: there are 22 and 16" ;;
  esac
done

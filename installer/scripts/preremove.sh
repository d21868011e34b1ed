#!/bin/sh
# Before removal, but not before an update ("upgrade" for dpkg, 1 for rpm): stop. Identity and buffer stay.
set -e
case ${1:-} in
  remove|purge|0) [ ! -d /run/systemd/system ] || systemctl disable --now callweave-edge || true ;;
esac

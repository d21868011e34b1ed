#!/bin/sh
# Makes packages of the agent: installer/package.sh VERSION [ARCH…]  (default amd64 arm64 arm) → dist/*.deb, dist/*.rpm
# The same sources give the same bytes, if SOURCE_DATE_EPOCH is set.
set -eu
cd "$(dirname "$0")/.."
VERSION=${1:?say which version, such as 0.1.0}
VERSION=${VERSION#v} # dpkg wants a digit first
shift
: "${SOURCE_DATE_EPOCH:=$(git log -1 --format=%ct)}"
export VERSION SOURCE_DATE_EPOCH
mkdir -p dist
[ $# -gt 0 ] || set -- amd64 arm64 arm
for one in "$@"; do
  BINARY=dist/callweave-edge-linux-$one
  CGO_ENABLED=0 GOOS=linux GOARCH=$one GOARM=7 go build -trimpath -ldflags "-s -w -X main.version=$VERSION" -o "$BINARY" ./edge
  case $one in arm) ARCH=arm7 ;; *) ARCH=$one ;; esac
  export ARCH BINARY
  for kind in deb rpm; do
    go tool -modfile=installer/tools/go.mod nfpm package -f installer/nfpm.yaml -p "$kind" -t dist/
  done
done
(cd dist && sha256sum callweave-edge-linux-* >SHA256SUMS)
ls -l dist

#!/bin/sh
# Installs the Callweave agent on a machine with Asterisk and enrols it. Run as root:
#
#   curl -fsSL CLOUD/install.sh | sh -s -- --token TOKEN
#   ./install.sh --token TOKEN --binary ./callweave-edge        # from a file
#
# It may be run again: it updates the program, keeps settings, and touches nothing of Asterisk's but one file of its own,
# and that only where it is not there yet.
set -eu

token='' cloud='' binary='' base=${CALLWEAVE_DOWNLOAD:-} manager=yes start=yes
root=${CALLWEAVE_ROOT:-} # install below this folder instead of /, and start nothing
say() { printf '%s\n' "$*"; }
fail() { printf '%s\n' "callweave: $*" >&2; exit 1; }
usage() {
  sed -n '2,8s/^# \{0,1\}//p' "$0" 2>/dev/null || true
  say 'options: --token TOKEN  --cloud URL  --binary FILE  --download URL  --no-manager  --no-start'
}

while [ $# -gt 0 ]; do
  case $1 in
    --token) token=${2:?}; shift 2 ;;
    --cloud) cloud=${2:?}; shift 2 ;;
    --binary) binary=${2:?}; shift 2 ;;
    --download) base=${2:?}; shift 2 ;;
    --no-manager) manager=no; shift ;;
    --no-start) start=no; shift ;;
    -h|--help) usage; exit 0 ;;
    *) usage >&2; fail "unknown option $1" ;;
  esac
done

[ -n "$root" ] || [ "$(id -u)" = 0 ] || fail 'become root first (sudo -i, or sudo sh)'
[ "$(uname -s)" = Linux ] || fail 'the agent runs on Linux'

case $(uname -m) in
  x86_64|amd64) arch=amd64 ;;
  aarch64|arm64) arch=arm64 ;;
  armv7*|armv8l) arch=arm ;;
  *) fail "there is no agent for $(uname -m)" ;;
esac

# The whole work is in functions: a download that breaks off in the middle runs nothing.
install_binary() {
  mkdir -p "$root/usr/bin"
  if [ -n "$binary" ]; then
    cp "$binary" "$root/usr/bin/callweave-edge.new"
  else
    [ -n "$base" ] || fail 'say where the program is: --binary FILE or --download URL'
    curl -fsSL --proto '=https' "$base/callweave-edge-linux-$arch" -o "$root/usr/bin/callweave-edge.new"
    curl -fsSL --proto '=https' "$base/SHA256SUMS" | grep " callweave-edge-linux-$arch\$" |
      sed "s| .*|  $root/usr/bin/callweave-edge.new|" | sha256sum -c - >/dev/null || fail 'the download is damaged'
  fi
  chmod 0755 "$root/usr/bin/callweave-edge.new"
  "$root/usr/bin/callweave-edge.new" version || fail 'the program does not run on this machine'
  mv -f "$root/usr/bin/callweave-edge.new" "$root/usr/bin/callweave-edge"
}

make_user() {
  install -d -m 0700 "$root/var/lib/callweave-edge"
  install -d -m 0755 "$root/etc/callweave"
  [ -z "$root" ] || return 0
  id callweave-edge >/dev/null 2>&1 || useradd --system --user-group --home-dir /var/lib/callweave-edge --shell /usr/sbin/nologin callweave-edge
  own "$root/var/lib/callweave-edge"
}

# own gives files to the agent; below another root, as when a package is made, there is nobody to give them to.
own() { [ -n "$root" ] || chown -R callweave-edge:callweave-edge "$@"; }

new_secret() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }

# where_manager prints the file in which a manager user survives updates of the distribution at hand.
where_manager() {
  if [ -f "$root/etc/asterisk/manager_custom.conf" ]; then say "$root/etc/asterisk/manager_custom.conf"
  elif [ -d "$root/etc/asterisk/manager.d" ]; then say "$root/etc/asterisk/manager.d/callweave.conf"
  elif [ -f "$root/etc/asterisk/manager.conf" ]; then say "$root/etc/asterisk/manager.conf"
  fi
}

manager_user() { # secret
  cat <<CONF

; The manager user of the Callweave agent. It reads events and asks what is going on, nothing else.
[callweave]
secret = $1
deny = 0.0.0.0/0.0.0.0
permit = 127.0.0.1/255.255.255.255
read = system,call,agent,user,reporting,dialplan,dtmf,cdr
write = system,call,reporting
writetimeout = 15000
CONF
}

make_settings() {
  settings=$root/etc/callweave/edge.toml
  if [ -f "$settings" ]; then say "keeping $settings"; return; fi
  secret=$(new_secret)
  (umask 077; printf '[ami]\naddress = "127.0.0.1:5038"\nuser = "callweave"\nsecret = "%s"\n' "$secret" >"$settings")
  own "$settings"
  file=$(where_manager)
  if [ "$manager" = no ] || [ -z "$file" ]; then
    say 'Put this into manager.conf of Asterisk and reload it (asterisk -rx "manager reload"):'
    manager_user "$secret"
    return
  fi
  if [ -f "$file" ] && grep -q '^\[callweave\]' "$file"; then
    say "$file has a user callweave already: put its secret into $settings"
    return
  fi
  [ ! -f "$file" ] || cp -p "$file" "$file.before-callweave"
  manager_user "$secret" >>"$file"
  chown --reference="$root/etc/asterisk" "$file" 2>/dev/null || true
  chmod 0640 "$file"
  say "added the manager user callweave to $file"
  if [ -z "$root" ] && command -v asterisk >/dev/null 2>&1; then asterisk -rx 'manager reload' >/dev/null 2>&1 || say 'Asterisk does not run; it takes the user up when it starts'; fi
}

make_service() {
  [ -d "$root/etc/systemd/system" ] || return 0
  cat >"$root/etc/systemd/system/callweave-edge.service" <<'UNIT'
[Unit]
Description=Callweave agent beside Asterisk
# Neither the network nor Asterisk is required: the agent waits for both and buffers on disk meanwhile.
After=network-online.target asterisk.service
Wants=network-online.target
StartLimitIntervalSec=0

[Service]
Type=notify
NotifyAccess=main
ExecStart=/usr/bin/callweave-edge run
Restart=always
RestartSec=5
WatchdogSec=60
TimeoutStopSec=20

User=callweave-edge
Group=callweave-edge
StateDirectory=callweave-edge
StateDirectoryMode=0700
ConfigurationDirectory=callweave
UMask=0077

# Light beside a PBX, and the first to yield to it.
Environment=GOMEMLIMIT=24MiB
Environment=GOMAXPROCS=2
MemoryMax=128M
Nice=5
IOSchedulingClass=best-effort
IOSchedulingPriority=6
OOMScoreAdjust=500
LimitNOFILE=1024

# It reads one socket, writes one directory and talks to one cloud.
NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
ProtectSystem=strict
ProtectHome=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
ProcSubset=pid
PrivateDevices=yes
PrivateTmp=yes
PrivateUsers=yes
RemoveIPC=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
UNIT
  [ -n "$root" ] || systemctl daemon-reload
}

enrol() {
  [ -n "$token" ] || { say 'Enrol later: callweave-edge enroll --token TOKEN'; return 0; }
  # The token goes by standard input: command lines can be read by everybody on the machine.
  printf '%s\n' "$token" | "$root/usr/bin/callweave-edge" --state-dir "$root/var/lib/callweave-edge" enroll --token - ${cloud:+--cloud "$cloud"}
  own "$root/var/lib/callweave-edge"
}

main() {
  install_binary
  make_user
  make_settings
  make_service
  enrol
  if [ "$start" = yes ] && [ -z "$root" ] && command -v systemctl >/dev/null 2>&1; then
    systemctl enable --quiet callweave-edge && systemctl restart callweave-edge
  fi
  say
  "$root/usr/bin/callweave-edge" --config "$root/etc/callweave/edge.toml" --state-dir "$root/var/lib/callweave-edge" check ||
    say 'Something is not as it should be yet: see above. The agent keeps trying by itself.'
}

main

#!/bin/sh
# After installation and update: the agent's user owns its settings; an agent that ran runs again, with the new program.
set -e
id callweave-edge >/dev/null 2>&1 || useradd --system --user-group --home-dir /var/lib/callweave-edge --shell /usr/sbin/nologin callweave-edge
install -d -o callweave-edge -g callweave-edge -m 0700 /var/lib/callweave-edge
chown callweave-edge:callweave-edge /etc/callweave/edge.toml
if [ -d /run/systemd/system ]; then
  systemctl daemon-reload
  systemctl try-restart callweave-edge
fi

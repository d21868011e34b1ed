# Ends a shared PostgreSQL ($2) once nobody has held users.lock in directory $1 for two looks in a row, and deletes what
# it left. See Shared for the order of the locks.
exec 9>>"$1/users.lock" || exit 1
idle=0
while kill -0 "$2" 2>/dev/null; do
  sleep 10
  if flock -n -x 9; then
    idle=$((idle + 1))
    if [ "$idle" -ge 2 ]; then
      kill -INT "$2" 2>/dev/null
      while kill -0 "$2" 2>/dev/null; do sleep 0.1; done
      rm -rf "$1/cluster" "$1/server.log"
      exit 0
    fi
    flock -u 9
  else
    idle=0
  fi
done

#!/usr/bin/env bash
# Serves a fetched dump to a Redis server that replicates from it, and promotes that server once it holds everything. Where: the
# redis image. Environment: TARGET, the server's host, and CONFIRM, the same again; PORT; ADDRESS, this pod's own, at which the server
# reaches it; DRY_RUN; REDISCLI_AUTH if the server needs a password.
# Ends with 20: the dump does not load; 21: the server holds something else afterwards; 30: CONFIRM is not TARGET; 33: the server does
# not replicate.
set -euo pipefail

scratch=${SCRATCH:-/scratch}
socket=/tmp/redis.sock

if [ -n "${DRY_RUN:-}" ]; then
  redis-check-rdb "$scratch/backup.rdb" || exit 20
  echo "DRY_RUN: the backup was fetched and read whole, and restored nowhere"
  exit 0
fi
if [ -z "${TARGET:-}" ] || [ "${CONFIRM:-}" != "$TARGET" ]; then
  echo "CONFIRM is \"${CONFIRM:-}\", and TARGET \"${TARGET:-}\": nothing was done; set both to the server that is to be replaced" >&2
  exit 30
fi

source_cli() {
  redis-cli -s "$socket" "$@"
}
target_cli() {
  redis-cli -h "$TARGET" -p "$PORT" "$@"
}
# A line of a server's INFO. @param command, section, field
told() {
  "$1" INFO "$2" | tr --delete '\r' | sed --quiet "s/^$3://p"
}

# In a file, because any process of the node can read another's arguments.
{
  printf 'dir %s\ndbfilename backup.rdb\nappendonly no\nsave ""\nport %s\nbind * -::*\nprotected-mode no\n' "$scratch" "$PORT"
  printf 'unixsocket %s\nrepl-diskless-sync-delay 0\nlogfile %s\nloglevel warning\n' "$socket" "$scratch/server.log"
  quoted=${REDISCLI_AUTH:-}
  quoted=${quoted//\\/\\\\}
  [ -z "$quoted" ] || printf 'requirepass "%s"\n' "${quoted//\"/\\\"}"
} >/tmp/source.conf
chmod 600 /tmp/source.conf
redis-server /tmp/source.conf &
server=$!
until [ "$(source_cli ping 2>/dev/null)" = PONG ]; do
  if ! kill -0 "$server" 2>/dev/null; then
    echo "the dump does not load: $(tail --lines=1 "$scratch/server.log")" >&2
    exit 20
  fi
  sleep 0.2
done

# From here on the target is a replica; whatever happens, it is promoted again with the data that it then holds.
promote() {
  local code=$?
  target_cli REPLICAOF NO ONE >/dev/null || { echo "$TARGET is still a replica: promote it with REPLICAOF NO ONE" >&2; code=33; }
  [ -z "${REDISCLI_AUTH:-}" ] || printf %s "$own" | target_cli -x CONFIG SET masterauth >/dev/null
  exit "$code"
}
if [ -n "${REDISCLI_AUTH:-}" ]; then
  own=$(target_cli CONFIG GET masterauth | tail --lines=+2)
  printf %s "$REDISCLI_AUTH" | target_cli -x CONFIG SET masterauth >/dev/null
fi
trap promote EXIT
target_cli REPLICAOF "$ADDRESS" "$PORT" >/dev/null
tries=0
until [ "$(told target_cli replication master_link_status)" = up ] && [ "$(told target_cli replication master_sync_in_progress)" = 0 ]; do
  # A transfer or a load may take its time; else it must begin within a minute.
  if [ "$(told target_cli replication master_sync_in_progress)" != 1 ] && [ "$(told target_cli persistence loading)" != 1 ]; then
    tries=$((tries + 1))
  fi
  if [ "$tries" -gt 60 ]; then
    echo "$TARGET does not replicate from $ADDRESS:$PORT: it cannot reach it, or its version is older than the dump's; its own log says which" >&2
    exit 33
  fi
  sleep 1
done

# Keys with an expiry may disappear during the comparison; all others are on both sides.
lasting() {
  "$1" INFO keyspace | tr --delete '\r' | sed --quiet 's/^\(db[0-9]*\):keys=\([0-9]*\),expires=\([0-9]*\),.*/\1 \2 \3/p' |
    while read -r database keys expiring; do echo "$database $((keys - expiring))"; done
}
expected=$(lasting source_cli)
actual=$(lasting target_cli)
if [ "$actual" != "$expected" ]; then
  echo "$TARGET holds ${actual//$'\n'/, }; the dump holds ${expected//$'\n'/, }" >&2
  exit 21
fi
echo "restored into $TARGET in $SECONDS s, which is promoted again: ${actual//$'\n'/, } keys that do not expire"

#!/usr/bin/env bash
# Checks, before anything is changed, whether a restore may replace what a Redis server holds, and dumps what it will replace.
# Where: the redis image. Environment: TARGET, the server's host, and CONFIRM, the same again; PORT; DRY_RUN; REDISCLI_AUTH where
# the server needs a password. Writes /scratch/before.rdb if there is something to replace.
# Ends with 30: CONFIRM is not TARGET; 31: TARGET holds something, and nothing confirms that it may be replaced.
set -euo pipefail

scratch=${SCRATCH:-/scratch}
rm -f "$scratch"/before.*
if [ -n "${DRY_RUN:-}" ]; then
  echo "DRY_RUN is set: the backup is fetched and read, and restored nowhere"
  exit 0
fi
if [ -z "${TARGET:-}" ]; then
  echo "TARGET is not set: nothing was done; set it, and CONFIRM, to the host of the Redis server that is to hold the backup" >&2
  exit 30
fi
if [ -n "${CONFIRM:-}" ] && [ "$CONFIRM" != "$TARGET" ]; then
  echo "CONFIRM is \"$CONFIRM\", and TARGET \"$TARGET\": nothing was done; set both to the server that is to be replaced" >&2
  exit 30
fi

keyspace=$(redis-cli -h "$TARGET" -p "$PORT" INFO keyspace)
[[ $keyspace == *Keyspace* ]] || { echo "$TARGET:$PORT does not say what it holds: $keyspace" >&2; exit 1; }
keys=$(sed --quiet 's/^db[0-9]*:keys=\([0-9]*\),.*/\1/p' <<<"$keyspace")
sum=$((0${keys:++${keys//$'\n'/+}}))
if [ -z "${CONFIRM:-}" ]; then
  if [ "$sum" != 0 ]; then
    echo "the target $TARGET is not empty, it holds $sum keys: nothing was done; set CONFIRM=$TARGET to replace them" >&2
    exit 31
  fi
  echo "CONFIRM is not set: nothing was done; set CONFIRM=$TARGET" >&2
  exit 30
fi
if [ "$sum" = 0 ]; then
  echo "the target $TARGET holds nothing: there is nothing to dump"
  exit 0
fi
redis-cli -h "$TARGET" -p "$PORT" --rdb "$scratch/before.part"
redis-check-rdb "$scratch/before.part" >/dev/null
mv "$scratch/before.part" "$scratch/before.rdb"
echo "dumped $TARGET with its $sum keys, read back whole, before they are replaced"

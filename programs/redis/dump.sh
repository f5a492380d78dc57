#!/usr/bin/env bash
# Dumps all that a Redis server holds, over the network as a replica does. Where: the redis image. Environment: ARTEFACT, HOST,
# PORT; MAX_LAG, in seconds, how far a replica may be behind its master; and, if the server needs a password, REDISCLI_AUTH. Writes
# ARTEFACT, and to /scratch/dumped.json what only this run knows.
set -euo pipefail

rm -f "$ARTEFACT" /scratch/dumped.json
most=${MAX_LAG:-60}
client=$(redis-cli --version)
client=${client#redis-cli }

# A field of a server's INFO. @param that, field
field() {
  sed --quiet "s/^$2://p" <<<"$1"
}
# Says why a replica is not dumped, and ends. @param reason
refuse() {
  echo "$HOST:$PORT is a replica $1; allowed: at most $most s behind its master, so that no old data is taken for today's. Nothing was" \
    "dumped: repair its replication (its own log says why), declare the master's host, or declare a longer maxLag" >&2
  exit 1
}

# The time whose data the dump holds: now or, on a replica, when its master last spoke. A master that has nothing to say pings every
# 10 s, through replicas of replicas too.
ends=$((SECONDS + 10)) received=
while :; do
  now=$(date +%s)
  info=$(redis-cli -h "$HOST" -p "$PORT" INFO replication | tr --delete '\r')
  case $(field "$info" role) in
    master)
      started=$now
      break
      ;;
    slave) ;;
    *)
      echo "$HOST:$PORT does not say whether it is a replica: $info" >&2
      exit 1
      ;;
  esac
  if [ "$(field "$info" master_link_status)" = up ] && [ "$(field "$info" master_sync_in_progress)" = 0 ]; then
    silence=$(field "$info" master_last_io_seconds_ago)
    # Received long ago is too old, whatever else it does.
    if [ "$silence" -lt 0 ] || [ "$silence" -gt "$most" ]; then
      refuse "whose master $(field "$info" master_host) was last heard of $silence s ago"
    fi
    # What it had received at first must be applied; Redis tells the two apart since 7.0.
    if [ -z "$received" ]; then
      received=$(field "$info" slave_read_repl_offset)
      received=${received:-$(field "$info" slave_repl_offset)}
      started=$((now - silence))
    fi
    applied=$(field "$info" slave_repl_offset)
    if [ "$applied" -ge "$received" ]; then break; fi
    why="that has not applied $((received - applied)) bytes of what it received"
  else
    received=
    why="whose link to its master $(field "$info" master_host) is down, for $(field "$info" master_link_down_since_seconds) s"
  fi
  [ "$SECONDS" -lt "$ends" ] || refuse "$why"
  sleep 1
done
started=$(date -u --date="@$started" +%Y-%m-%dT%H:%M:%SZ)

redis-cli -h "$HOST" -p "$PORT" --rdb "$ARTEFACT"

printf '{"kind":"redis","startedAt":"%s","clientVersion":"%s"}\n' "$started" "$client" >/scratch/dumped.json
echo "dumped $HOST:$PORT: $(stat --format=%s "$ARTEFACT") bytes"

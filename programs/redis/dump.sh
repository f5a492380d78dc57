#!/usr/bin/env bash
# Dumps all that a Redis server holds, over the network as a replica does. Where: the redis image. Environment: ARTEFACT, HOST,
# PORT and, if the server needs a password, REDISCLI_AUTH. Writes ARTEFACT, and to /scratch/dumped.json what only this run knows.
set -euo pipefail

rm -f "$ARTEFACT" /scratch/dumped.json
started=$(date -u +%Y-%m-%dT%H:%M:%SZ)
client=$(redis-cli --version)
client=${client#redis-cli }

redis-cli -h "$HOST" -p "$PORT" --rdb "$ARTEFACT"

printf '{"kind":"redis","startedAt":"%s","clientVersion":"%s"}\n' "$started" "$client" >/scratch/dumped.json
echo "dumped $HOST:$PORT: $(stat --format=%s "$ARTEFACT") bytes"

#!/usr/bin/env bash
# Reads the whole dump of a Redis server back: what cannot be read is never published. Counts the keys in the dump itself. Where:
# the redis image. Environment: ARTEFACT, HOST and PORT (for its messages); no server is contacted. Reads /scratch/dumped.json.
# Writes the manifest's fields to /scratch/about.json.
set -euo pipefail

about=/scratch/about.json
rm -f "$about"
dumped=$(</scratch/dumped.json)
bytes=$(stat --format=%s "$ARTEFACT")
# Reads every key and, unless the server is set to write none, compares the checksum at the end.
if ! read_back=$(redis-check-rdb "$ARTEFACT"); then
  printf '%s\n' "$read_back" >&2
  echo "the dump of $HOST:$PORT ($bytes bytes) cannot be read whole: it is not published" >&2
  exit 1
fi

# Its report has lines such as "[offset 26] AUX FIELD redis-ver = '8.0.2'" and "[info] 14 keys read".
end=$(sed --quiet 's/^\[offset \([0-9]*\)\] .*RDB looks OK!.*/\1/p' <<<"$read_back")
keys=$(sed --quiet 's/^\[info\] \([0-9]*\) keys read$/\1/p' <<<"$read_back")
server=$(sed --quiet "s/^\[offset [0-9]*\] AUX FIELD \(redis\|valkey\)-ver = '\([[:alnum:].+~-]*\)'$/\2/p" <<<"$read_back")
if [ "$end" != "$bytes" ]; then
  echo "the dump of $HOST:$PORT ends after ${end:-0} of its $bytes bytes: it is not published" >&2
  exit 1
fi

# How many keys the dump announces for the database whose entries begin at a byte: the opcode RESIZEDB (251), then a length
# of 6, 14, 32 or 64 bits, which its first two bits select. Source: github.com/redis/redis, src/rdb.h.
announced() {
  local byte
  read -ra byte < <(od --address-radix=n --format=u1 --skip-bytes="$1" --read-bytes=10 "$ARTEFACT")
  [ "${byte[0]}" = 251 ] || return 1
  case ${byte[1]} in
    128) echo $((byte[2] << 24 | byte[3] << 16 | byte[4] << 8 | byte[5])) ;;
    # More than 4 294 967 295 keys; its first three bytes are zero in any memory there is.
    129) echo $((byte[5] << 32 | byte[6] << 24 | byte[7] << 16 | byte[8] << 8 | byte[9])) ;;
    *) echo $((byte[1] < 64 ? byte[1] : (byte[1] & 63) << 8 | byte[2])) ;;
  esac
}
databases=
sum=0
while read -r offset database; do
  count=$(announced "$offset") || {
    echo "the dump of $HOST:$PORT does not say how many keys database $database has: it is not published; the server is older than Redis 3.2" >&2
    exit 1
  }
  databases+=${databases:+,}"{\"database\":$database,\"keys\":$count}"
  sum=$((sum + count))
done < <(sed --quiet 's/^\[offset \([0-9]*\)\] Selecting DB ID \([0-9]*\)$/\1 \2/p' <<<"$read_back")
if [ "$sum" != "$keys" ]; then
  echo "the dump of $HOST:$PORT announces $sum keys and holds ${keys:-none that can be read}: it is not published" >&2
  exit 1
fi

sha256=$(sha256sum "$ARTEFACT")
printf '%s,"sha256":"%s","serverVersion":"%s","content":{"databases":[%s]}}\n' "${dumped%\}}" "${sha256%% *}" "$server" "$databases" >"$about"
echo "read the dump of $HOST:$PORT, Redis $server, back whole: $keys keys"

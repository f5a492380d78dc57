#!/usr/bin/env bash
# Loads a fetched dump into a server of its own that runs as long as this program, and compares its contents with the manifest. It
# can reach no other server. Where: the redis image. Writes /scratch/drilled.json and, after a failure, /scratch/failed.txt; it
# exits with 0 even then, so that the next step records the failure and exits with its code: 20: the dump does not load; 21: keys
# are missing or too many.
set -euo pipefail

scratch=${SCRATCH:-/scratch}
socket=/tmp/redis.sock
restore=null
verify=null
code=0
rm -f "$scratch"/drilled.json "$scratch"/failed.txt "$socket"

conclude() {
  if [ "$?" != 0 ] && [ "$code" = 0 ]; then code=20; fi
  [ "$code" = 0 ] || [ -e "$scratch/failed.txt" ] || echo "it could not be drilled; the log says why" >"$scratch/failed.txt"
  printf '{"exitCode":%d,"serverVersion":"%s","restore":%s,"verify":%s}\n' \
    "$code" "$(redis-server --version | sed 's/.* v=\([^ ]*\).*/\1/')" "$restore" "$verify" >"$scratch/drilled.json"
  exit 0
}
trap conclude EXIT

# Prints the reason, and exits. @param exit code, sentence
fail() {
  code=$1
  echo "$2" | tee "$scratch/failed.txt" >&2
  exit "$1"
}

cli() {
  redis-cli -s "$socket" "$@"
}

# As a replica whose master never answers, it deletes no key that has expired since: all dumped keys can be counted.
redis-server --dir "$scratch" --dbfilename backup.rdb --appendonly no --save '' --port 0 --unixsocket "$socket" \
  --replicaof 127.0.0.1 1 --loglevel warning --logfile "$scratch/server.log" &
server=$!
until [ "$(cli ping 2>/dev/null)" = PONG ]; do
  kill -0 "$server" 2>/dev/null || fail 20 "the dump does not load: $(tail --lines=1 "$scratch/server.log")"
  sleep 0.2
done
restore=$SECONDS
echo "loaded in $restore s"

# Redis reads JSON itself; its answer has a line for each database that differs.
differences=$(cli -x EVAL '
  local said = {}
  for _, entry in ipairs(cjson.decode(ARGV[1]).databases) do said[entry.database] = entry.keys end
  local differing = {}
  for database = 0, 15 do
    redis.call("SELECT", database)
    local keys = redis.call("DBSIZE")
    if keys ~= (said[database] or 0) then
      table.insert(differing, "database " .. database .. " has " .. keys .. " keys; the manifest says " .. (said[database] or 0))
    end
    said[database] = nil
  end
  for database, keys in pairs(said) do
    table.insert(differing, "database " .. database .. " is not there; the manifest says " .. keys .. " keys")
  end
  return table.concat(differing, "; ")' 0 <"$scratch/manifest.json")
[ -z "$differences" ] || fail 21 "what was loaded is not what the manifest says: $differences"
verify=$((SECONDS - restore))
echo "as its manifest says, verified in $verify s"

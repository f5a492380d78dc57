#!/usr/bin/env bash
# Restores a fetched dump into a server of its own that runs as long as this program, and compares its contents with the
# manifest. It can reach no other server. Where: the postgres image of the dump's major version, after postgres/properties.sh and
# postgres/archive.sh. Environment: RECOVERY_POINT (seconds) and, where declared, FRESHNESS (a query for the newest time in the data)
# and ASSERTIONS (a JSON list of queries that must return true). Writes /scratch/drilled.json and, after a failure,
# /scratch/failed.txt; it exits with 0 even then, so that the next step records the failure and exits with its code: 20: the dump does
# not restore; 21: rows are missing or too many, or properties of the database; 22: the data is stale; 23: an assertion fails.
set -euo pipefail

scratch=${SCRATCH:-/scratch}
# In a pod its text is in front of this one.
# shellcheck source=programs/postgres/archive.sh
declare -F restore_archive >/dev/null || source "${BASH_SOURCE[0]%/*}/archive.sh"
server=$scratch/server
database=restored
restore=null
verify=null
code=0
export PGHOST=/tmp PGUSER=postgres PGDATABASE=postgres
unset DATABASE_URL PGPASSWORD PGSERVICE PGHOSTADDR
rm -rf "$server" "$scratch"/drilled.json "$scratch"/failed.txt
: >"$scratch/said"
# Redirections of the program are still in force when it ends.
exec 3>&2

conclude() {
  if [ "$?" != 0 ] && [ "$code" = 0 ]; then code=20; fi
  if [ "$code" != 0 ] && [ ! -e "$scratch/failed.txt" ]; then
    cat "$scratch/said" >&3
    tail --lines=3 "$scratch/said" >"$scratch/failed.txt"
  fi
  printf '{"exitCode":%d,"serverVersion":"%s","restore":%s,"verify":%s}\n' \
    "$code" "$(postgres --version | sed 's/^[^0-9]*//; s/ .*//')" "$restore" "$verify" >"$scratch/drilled.json"
  exit 0
}
trap conclude EXIT

# Prints the reason, and exits. @param exit code, sentence
fail() {
  code=$1
  echo "$2" | tee "$scratch/failed.txt" >&2
  exit "$1"
}

# This server need not survive a crash: nothing is synced, and little is logged.
initdb --no-sync --auth=trust --username=postgres --encoding=UTF8 --locale=C.UTF-8 --pgdata="$server" >/dev/null
settings=(
  listen_addresses= unix_socket_directories=/tmp
  fsync=off synchronous_commit=off full_page_writes=off wal_level=minimal max_wal_senders=0 max_wal_size=1GB checkpoint_timeout=1h
  autovacuum=off shared_buffers=128MB maintenance_work_mem=128MB
  # A container's /dev/shm is too small for parallel work.
  dynamic_shared_memory_type=mmap
)
pg_ctl --pgdata="$server" --log="$scratch/server.log" --silent --wait --options="$(printf -- "-c '%s' " "${settings[@]}")" start ||
  fail 20 "the drill's own server does not start: $(tail --lines=1 "$scratch/server.log")"

{
  open_archive
  restore_archive "$database"
} 2>"$scratch/said"
restore=$SECONDS
echo "restored $(dumped_database) in $restore s"

differences=$(differing_tables "$database")
[ -z "$differences" ] || fail 21 "what was restored is not what the manifest says: ${differences//$'\n'/; }"
refused=$(restore_properties "$database" 2>"$scratch/said")
[ -z "$refused" ] || fail 21 "what the dump says of the database itself cannot be restored: ${refused//$'\n'/; }"
# Dumped again, as only pg_dump knows how all of it is written; without tables, because it would lock every one of them.
copied() {
  pg_restore "$@" "$scratch/copy"
}
pg_dump --schema-only --exclude-table='*.*' --format=custom --compress=0 --file="$scratch/copy" --dbname="$(at "$database")" 2>"$scratch/said"
differences=$(differing_properties "$(count_properties copied)" "what was restored")
[ -z "$differences" ] || fail 21 "the database is not what the manifest says: ${differences//$'\n'/; }"

if [ -n "${FRESHNESS:-}" ]; then
  stale=$(manifest=$scratch/manifest.json sql "$database" --set=freshness="$FRESHNESS" --set=point="$RECOVERY_POINT" <<'SQL'
\set manifest `cat "$manifest"`
SELECT CASE
    WHEN newest IS NULL OR NOT isfinite(newest) THEN 'holds no newest time'
    WHEN newest < oldest THEN format('ends at %s; begun at %s, and with a recovery point of %s, it must not end before %s', newest, started, point, oldest)
  END
FROM (SELECT (:freshness)::timestamptz) AS asked(newest),
  (SELECT (:'manifest'::jsonb ->> 'startedAt')::timestamptz, make_interval(secs => :point)) AS promised(started, point),
  LATERAL (SELECT started - point) AS allowed(oldest);
SQL
  ) || fail 22 "the freshness query cannot be asked: $FRESHNESS"
  [ -z "$stale" ] || fail 22 "the data is stale: it $stale"
fi

if [ -n "${ASSERTIONS:-}" ]; then
  untrue=$(sql "$database" --set=assertions="$ASSERTIONS" <<'SQL'
SELECT format('SELECT %L WHERE (%s) IS NOT TRUE', assertion, assertion) FROM jsonb_array_elements_text(:'assertions'::jsonb) AS assertion
\gexec
SQL
  ) || fail 23 "an assertion cannot be asked; the log says which"
  [ -z "$untrue" ] || fail 23 "these assertions do not hold: ${untrue//$'\n'/; }"
fi
verify=$((SECONDS - restore))
echo "as its manifest says, verified in $verify s"

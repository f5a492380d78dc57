#!/usr/bin/env bash
# Restores a fetched dump into a new database, compares it with the manifest and, if TARGET is set, puts it in the place of that
# one, which stays beside it under another name. Where: the postgres image of the server's major version, after
# postgres/connection.sh, postgres/properties.sh and postgres/archive.sh, or any machine with that version's client; there SCRATCH is
# the folder that backup/fetch.sh filled. Environment: libpq's own variables or DATABASE_URL, of a user who may create databases;
# TARGET and CONFIRM, the database's name twice; DRY_RUN.
# Ends with 20: the dump cannot be read; 21: the restored data differs from the manifest; 30: CONFIRM is not TARGET; 32: the new
# database exists already; 34: the data is restored into the new database without the properties that the log names, and TARGET is
# unchanged; 1: the server refused.
set -euo pipefail

scratch=${SCRATCH:-/scratch}
# In a pod its text is in front of this one.
# shellcheck source=programs/postgres/archive.sh
declare -F restore_archive >/dev/null || source "${BASH_SOURCE[0]%/*}/archive.sh"
# shellcheck source=programs/postgres/connection.sh
declare -F refuse_pooler >/dev/null || source "${BASH_SOURCE[0]%/*}/connection.sh"

if [ "${CONFIRM:-}" != "${TARGET:-}" ]; then
  echo "CONFIRM is \"${CONFIRM:-}\", and TARGET \"${TARGET:-}\": nothing was done; set both to the database that is to be replaced" >&2
  exit 30
fi

open_archive
if [ -n "${DRY_RUN:-}" ]; then
  pg_restore --file=/dev/null "$archive" || exit 20
  echo "DRY_RUN: the backup of $(dumped_database) was fetched and read whole, and restored nowhere"
  exit 0
fi

refuse_pooler --dbname="$(at postgres)"
began=$(sed --quiet 's/.*"startedAt": *"\([^"]*\)".*/\1/p' "$scratch/manifest.json" | head --lines=1)
stamp=$(tr --delete -- '-:' <<<"$began" | tr '[:upper:]' '[:lower:]')
target=${TARGET:-$(dumped_database)}
restored=${target}_restored_$stamp
replaced=${target}_before_$(date -u +%Y%m%dt%H%M%Sz)
if [ "$(printf %s "$restored" | wc --bytes)" -gt 63 ]; then
  echo "\"$restored\" is longer than the 63 bytes that PostgreSQL gives a name: set TARGET, and CONFIRM, to a shorter one, and rename it yourself" >&2
  exit 1
fi
if [ "$(sql postgres --set=name="$restored" <<<"SELECT count(*) FROM pg_database WHERE datname = :'name';")" != 0 ]; then
  echo "the database $restored is there already, from an earlier restore of this backup: use it, or drop it and start again" >&2
  exit 32
fi

# A half restored database is useless.
undo() {
  local code=$?
  if [ "$code" != 0 ]; then drop_database "$restored" || echo "the database $restored is half restored: drop it" >&2; fi
  exit "$code"
}
trap undo EXIT
restore_archive "$restored"
differences=$(differing_tables "$restored" && differing_properties "$(count_properties archived)" "the dump")
if [ -n "$differences" ]; then
  echo "what was restored is not what the manifest says: ${differences//$'\n'/; }" >&2
  exit 21
fi
refused=$(restore_properties "$restored")
trap - EXIT
if [ -n "$refused" ]; then
  echo "restored the data of the backup begun at $began into $restored, in $SECONDS s, without what the server refused:" >&2
  echo "$refused" >&2
  echo "Run these statements as a user who may${TARGET:+; then rename $TARGET, which is as it was, and $restored to $TARGET}" >&2
  exit 34
fi
echo "restored the backup begun at $began into $restored, as its manifest says, in $SECONDS s"
[ -n "${TARGET:-}" ] || exit 0

names=(--set=target="$TARGET" --set=restored="$restored" --set=replaced="$replaced")
if [ "$(sql postgres "${names[@]}" <<<"SELECT count(*) FROM pg_database WHERE datname = :'target';")" = 0 ]; then
  sql postgres "${names[@]}" <<<'ALTER DATABASE :"restored" RENAME TO :"target";'
  echo "$TARGET is what was restored; there was none before"
  exit 0
fi
# A database cannot be renamed while a client is connected. Clients that connect again get the restored one.
reopen() {
  echo "$TARGET could not be replaced and is as it was; what was restored is in $restored" >&2
  sql postgres "${names[@]}" <<<'ALTER DATABASE :"target" ALLOW_CONNECTIONS true;'
}
trap reopen ERR
sql postgres "${names[@]}" <<'SQL'
ALTER DATABASE :"target" ALLOW_CONNECTIONS false;
SELECT count(pg_terminate_backend(pid, 10000)) AS ended FROM pg_stat_activity WHERE datname = :'target' \gset
BEGIN;
ALTER DATABASE :"target" RENAME TO :"replaced";
ALTER DATABASE :"restored" RENAME TO :"target";
COMMIT;
SQL
trap - ERR
sql postgres "${names[@]}" <<<'ALTER DATABASE :"replaced" ALLOW_CONNECTIONS true;'
echo "$TARGET is what was restored; what it was is in $replaced: drop that once nobody misses it"

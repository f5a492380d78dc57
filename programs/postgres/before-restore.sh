#!/usr/bin/env bash
# Checks, before anything is changed, whether a restore may replace the database that it names, and dumps what it will replace.
# Where: the postgres image of the server's major version, after postgres/connection.sh. Environment: libpq's own variables; TARGET,
# the database to replace, and CONFIRM, its name again; DRY_RUN. Writes /scratch/before.dump if there is something to replace.
# Ends with 30: CONFIRM is not TARGET; 31: TARGET holds something, and nothing confirms that it may be replaced.
set -euo pipefail

scratch=${SCRATCH:-/scratch}
rm -f "$scratch"/before.*
if [ -n "${DRY_RUN:-}" ]; then
  echo "DRY_RUN is set: the backup is fetched and read, and restored nowhere"
  exit 0
fi
if [ -z "${TARGET:-}" ]; then
  if [ -n "${CONFIRM:-}" ]; then
    echo "CONFIRM is \"$CONFIRM\", and there is no TARGET that it confirms; set TARGET, or leave out both for a database of its own" >&2
    exit 30
  fi
  echo "no TARGET: the backup is restored into a database of its own, and replaces nothing"
  exit 0
fi

# In a pod its text is in front of this one.
# shellcheck source=programs/postgres/connection.sh
declare -F refuse_pooler >/dev/null || source "${BASH_SOURCE[0]%/*}/connection.sh"
ask() {
  psql --no-psqlrc --no-password --quiet --tuples-only --no-align --set=ON_ERROR_STOP=1 --dbname="$1" --set=target="$TARGET"
}
refuse_pooler --dbname=postgres
exists=$(ask postgres <<<"SELECT count(*) FROM pg_database WHERE datname = :'target';")
tables=0
if [ "$exists" = 1 ]; then
  tables=$(PGDATABASE=$TARGET ask "dbname='${TARGET//\'/\\\'}'" <<<"
    SELECT count(*) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE relkind IN ('r', 'p', 'm') AND nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast');")
fi
if [ -z "${CONFIRM:-}" ]; then
  if [ "$tables" != 0 ]; then
    echo "the target $TARGET is not empty, it holds $tables tables: nothing was done; set CONFIRM=$TARGET to replace it, or leave out TARGET" >&2
    exit 31
  fi
  echo "CONFIRM is not set: nothing was done; set CONFIRM=$TARGET, or leave out TARGET" >&2
  exit 30
fi
if [ "$CONFIRM" != "$TARGET" ]; then
  echo "CONFIRM is \"$CONFIRM\", and TARGET \"$TARGET\": nothing was done; set both to the database that is to be replaced" >&2
  exit 30
fi

if [ "$tables" = 0 ]; then
  echo "the target $TARGET holds nothing: there is nothing to dump"
  exit 0
fi
pg_dump --no-password --format=custom --lock-wait-timeout=60s --dbname="dbname='${TARGET//\'/\\\'}'" --file="$scratch/before.part"
pg_restore --file=/dev/null "$scratch/before.part"
mv "$scratch/before.part" "$scratch/before.dump"
echo "dumped $TARGET with its $tables tables, read back whole, before it is replaced"

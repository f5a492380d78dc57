#!/usr/bin/env bash
# Functions for a dump of PostgreSQL that a drill and a restore share, read before the program that calls them, after
# postgres/properties.sh. They need manifest.json and backup.dump in SCRATCH, default /scratch, and libpq's own variables or
# DATABASE_URL.
set -euo pipefail

# In a pod its text is in front of this one.
# shellcheck source=programs/postgres/properties.sh
declare -F property_statements >/dev/null || source "${BASH_SOURCE[0]%/*}/properties.sh"

scratch=${SCRATCH:-/scratch}

# No more than the cores of a small server.
jobs=$(nproc)
[ "$jobs" -le 4 ] || jobs=4

# The connection to a database of the server. @param its name
at() {
  if [ -n "${DATABASE_URL:-}" ]; then
    local rest=${DATABASE_URL#*://} parameters=
    [[ $rest != *\?* ]] || parameters="?${rest#*\?}"
    rest=${rest%%\?*}
    printf '%s' "postgresql://${rest%%/*}/$1$parameters"
  else
    local escaped=${1//\\/\\\\}
    printf "dbname='%s'" "${escaped//\'/\\\'}"
  fi
}

# Runs its input as SQL. @param database, psql's further arguments
sql() {
  psql --no-psqlrc --no-password --quiet --tuples-only --no-align --set=ON_ERROR_STOP=1 --dbname="$(at "$1")" "${@:2}"
}

# Makes the dump readable by pg_restore: those of servers before 16 are compressed by zstd, those of large databases are a tar of
# the directory format, compressed or not. Sets `archive`.
open_archive() {
  if [ -e "$scratch/backup.tar" ]; then
    archive=$scratch/directory
    rm -rf "$archive"
    tar --extract --file="$scratch/backup.tar" --directory="$scratch"
    rm "$scratch/backup.tar"
    return
  fi
  archive=$scratch/backup.dump
  if [ "$(head --bytes=5 "$archive" | tr --delete '\0')" = PGDMP ]; then return; fi
  local said
  said=$(zstd --quiet --decompress --force -o "$scratch/backup.raw" "$archive" 2>&1) || {
    echo "the dump is neither pg_dump's custom format nor that in zstd: ${said% }" >&2
    return 1
  }
  rm "$archive"
  mv "$scratch/backup.raw" "$archive"
}

# Runs pg_restore on the archive. @param its arguments
archived() {
  pg_restore "$@" "$archive"
}

# The name of the database that was dumped.
dumped_database() {
  pg_restore --list "$archive" | sed --quiet 's/^; *dbname: //p' | head --lines=1
}

# Creates a database with the encoding and the collation of the dumped one. Its other properties come last.
create_database() {
  local made options
  made=$(pg_restore --create --schema-only --file=- "$archive" | grep --max-count=1 '^CREATE DATABASE ' || true)
  options=$(sed --quiet 's/^.* WITH TEMPLATE = template0 \(.*\);$/\1/p' <<<"$made")
  local create='CREATE DATABASE :"database" TEMPLATE = template0 :options;'
  if sql postgres --set=database="$1" --set=options="$options" <<<"$create" 2>"$scratch/refused"; then return; fi
  if ! grep --quiet 'invalid locale name' "$scratch/refused"; then
    cat "$scratch/refused" >&2
    return 1
  fi
  echo "the server does not know the dumped database's $options: its own is used, and texts may come in another order"
  sql postgres --set=database="$1" --set=options="${options%% L*}" <<<"$create"
}

drop_database() {
  sql postgres --set=database="$1" <<<'DROP DATABASE IF EXISTS :"database";'
}

# Creates the roles that the manifest lists and the server lacks, with their attributes and memberships. Passwords are in no
# backup. Only a superuser can make another.
create_listed_roles() {
  manifest=$scratch/manifest.json sql postgres <<'SQL'
\set manifest `cat "$manifest"`
CREATE TEMP TABLE lacking AS
  SELECT name, attributes, "memberOf"
  FROM jsonb_to_recordset(coalesce(:'manifest'::jsonb -> 'roles', '[]')) AS role (name text, attributes text, "memberOf" text[])
  WHERE name NOT IN (SELECT rolname FROM pg_roles)
    AND (attributes !~ '\mSUPERUSER\M' OR current_setting('is_superuser')::boolean);
SELECT format('CREATE ROLE %I %s', name, attributes) FROM lacking
\gexec
SELECT format('GRANT %s TO %I', parent, name) FROM lacking, unnest("memberOf") AS parent
\gexec
SELECT format('the server lacked the role %I: it was made, without a password', name) FROM lacking;
SQL
}

# Gives a database its properties in a transaction, and prints what the server refuses. @param database, stdin: how the transaction ends
try_properties() {
  local end
  end=$(</dev/stdin)
  { echo 'SET client_min_messages = error; BEGIN;' && property_statements archived && echo "$end"; } |
    psql --no-psqlrc --no-password --quiet --tuples-only --no-align --echo-errors --set=VERBOSITY=terse \
      --set=ON_ERROR_ROLLBACK=on --set=database="$1" --dbname="$(at postgres)" 2>&1
}

# Gives a restored database its owner, settings, rights to connect, comment and labels. Last, as settings such as
# default_transaction_read_only would stop the restore itself. Prints each statement that the server refuses, with its reason, without
# the values: some keep secrets in them. @param database
restore_properties() {
  local said
  said=$(try_properties "$1" <<<'COMMIT;') || {
    echo "$said" >&2
    return 1
  }
  awk <<<"$said" '
    { sub(/^psql:[^ ]* /, "") }
    /^(ERROR|FATAL):/ { reason = $0 }
    /^STATEMENT:/ { sub(/^STATEMENT: */, ""); sub(/ *E?\047.*/, " …"); print $0 " (" reason ")" }'
}

# Prints each kind of property whose count differs from the manifest's. @param counts, as JSON, and what was counted
differing_properties() {
  manifest=$scratch/manifest.json sql postgres --set=counted="$1" --set=place="$2" <<'SQL'
\set manifest `cat "$manifest"`
SELECT format('%s: %s in %s; the manifest says %s', key, coalesce(counted.value, '0'), :'place', said.value)
FROM jsonb_each_text(:'manifest'::jsonb -> 'database') AS said LEFT JOIN jsonb_each_text(:'counted') AS counted USING (key)
WHERE counted.value IS DISTINCT FROM said.value;
SQL
}

# Creates the roles that the dump names and the server lacks: without them objects would lose their owners. Roles that no
# manifest lists are found by restoring the schema alone into the empty database of that name, and its properties in a transaction.
create_roles() {
  local missing role
  create_listed_roles
  while :; do
    create_database "$1"
    missing=$({
      pg_restore --no-password --schema-only --dbname="$(at "$1")" "$archive" 2>&1
      try_properties "$1" <<<'ROLLBACK;'
    } | sed --quiet 's/^.*ERROR:  role "\(.*\)" does not exist$/\1/p' | sort --unique || true)
    drop_database "$1"
    [ -n "$missing" ] || return 0
    while IFS= read -r role; do
      echo "the server has no role \"$role\": it is made, without a login"
      sql postgres --set=role="$role" <<<'CREATE ROLE :"role" NOLOGIN;'
    done <<<"$missing"
  done
}

# Restores the dump into a new database. @param its name
restore_archive() {
  create_roles "$1"
  create_database "$1"
  pg_restore --no-password --exit-on-error --jobs="$jobs" --dbname="$(at "$1")" "$archive"
}

# Prints each table whose number of rows differs from the manifest's. @param database
differing_tables() {
  manifest=$scratch/manifest.json sql "$1" <<'SQL'
\set manifest `cat "$manifest"`
CREATE TEMP TABLE said AS
  SELECT name, rows, to_regclass(name) AS found
  FROM jsonb_to_recordset(:'manifest'::jsonb -> 'tables') AS manifest(name text, rows bigint);
CREATE TEMP TABLE counted (name text, rows bigint);
SELECT format('INSERT INTO counted SELECT %L, count(*) FROM ONLY %s', name, found) FROM said WHERE found IS NOT NULL
\gexec
SELECT format('%s is not there; the manifest says %s rows', name, rows) FROM said WHERE found IS NULL
UNION ALL
SELECT format('%s has %s rows; the manifest says %s', name, counted.rows, said.rows)
  FROM said JOIN counted USING (name) WHERE counted.rows <> said.rows
UNION ALL
-- Members of an extension come with it; their rows are dumped only where the extension says so.
SELECT format('%s is there; the manifest does not name it', pg_class.oid::regclass)
  FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
  WHERE relkind = 'r' AND relpersistence <> 't' AND nspname NOT IN ('pg_catalog', 'information_schema')
    AND pg_class.oid NOT IN (SELECT found FROM said WHERE found IS NOT NULL)
    AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype = 'e')
LIMIT 20;
SQL
}

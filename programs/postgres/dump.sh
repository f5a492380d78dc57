#!/usr/bin/env bash
# Dumps one PostgreSQL database into ARTEFACT. Where: the postgres image of the server's major version. Connection: libpq's own
# variables (PGHOST, PGPASSWORD, ...). Environment: ARTEFACT, and JOBS, how many workers dump at once; with more than one it is
# their files in a tar. Writes ARTEFACT, and to /scratch/dumped.json and /scratch/roles.json what only the server knows.
set -euo pipefail

rm -rf "$ARTEFACT" /scratch/raw /scratch/directory /scratch/dumped.json /scratch/roles.json
started=$(date -u +%Y-%m-%dT%H:%M:%SZ)

ask() {
  psql --no-psqlrc --no-password --quiet --tuples-only --no-align --set=ON_ERROR_STOP=1 "$@"
}
server=$(ask --command='SHOW server_version')
client=$(pg_dump --version)
client=${client##*) }
major=${client%%[.~ ]*}
if [ "${server%%[.~ ]*}" != "$major" ]; then
  echo "the server is PostgreSQL $server and the client $client; their major versions must be equal: correct the datastore's declared version" >&2
  exit 1
fi

ask --set=startedAt="$started" --set=client="$client" >/scratch/dumped.json <<'SQL'
SELECT json_build_object(
  'kind', 'postgres', 'startedAt', :'startedAt', 'serverVersion', current_setting('server_version'), 'clientVersion', :'client');
SQL
# The roles that own something in this database, have a right on it or are in a policy, those that they are members of, and
# the server's first superuser (oid 10), for which pg_shdepend keeps no entry. Any user may read this; no password is in it.
ask >/scratch/roles.json <<'SQL'
WITH RECURSIVE needed (oid) AS (
  (SELECT 10::oid
   UNION SELECT refobjid FROM pg_shdepend JOIN pg_database ON datname = current_database()
   WHERE refclassid = 'pg_authid'::regclass
     AND (dbid = pg_database.oid OR classid = 'pg_database'::regclass AND objid = pg_database.oid))
  UNION SELECT roleid FROM pg_auth_members JOIN needed ON member = needed.oid
)
SELECT coalesce(jsonb_agg(jsonb_build_object(
  'name', rolname,
  'attributes', concat_ws(' ',
    CASE WHEN rolsuper THEN 'SUPERUSER' END, CASE WHEN rolcreatedb THEN 'CREATEDB' END,
    CASE WHEN rolcreaterole THEN 'CREATEROLE' END, CASE WHEN NOT rolinherit THEN 'NOINHERIT' END,
    CASE WHEN rolcanlogin THEN 'LOGIN' END, CASE WHEN rolreplication THEN 'REPLICATION' END,
    CASE WHEN rolbypassrls THEN 'BYPASSRLS' END, CASE WHEN rolconnlimit >= 0 THEN 'CONNECTION LIMIT ' || rolconnlimit END),
  'memberOf', ARRAY(SELECT roleid::regrole::text FROM pg_auth_members WHERE member = pg_roles.oid ORDER BY 1)
) ORDER BY rolname), '[]')
FROM pg_roles JOIN needed USING (oid) WHERE rolname !~ '^pg_';
SQL

dump=(pg_dump --no-password --lock-wait-timeout=60s)
# Level 2: identifiers, times and numbers, which rows hold most, become larger by the levels 3 and 4, and by matches of less than seven
# bytes. Before 16 pg_dump compresses with gzip alone, four times as slow as zstd at the same size.
zstd=(zstd -2 --zstd=minMatch=7 --quiet)
if [ "$major" -ge 16 ]; then dump+=(--compress=zstd:2); else dump+=(--compress=0); fi
if [ "${JOBS:-1}" -gt 1 ]; then
  "${dump[@]}" --format=directory --jobs="$JOBS" --file=/scratch/directory
  pack=(tar --create --remove-files --file="$ARTEFACT" --directory=/scratch directory)
  if [ "$major" -ge 16 ]; then "${pack[@]}"; else "${pack[@]}" --use-compress-program="${zstd[*]} -T2"; fi
elif [ "$major" -ge 16 ]; then
  "${dump[@]}" --format=custom --file="$ARTEFACT"
else
  # Waits for each; each must have succeeded. One thread of zstd keeps up with a server.
  mkfifo /scratch/raw
  "${zstd[@]}" --single-thread -o "$ARTEFACT" </scratch/raw &
  "${dump[@]}" --format=custom >/scratch/raw
  wait $!
fi
echo "dumped $PGDATABASE from PostgreSQL $server: $(stat --format=%s "$ARTEFACT") bytes"

#!/usr/bin/env bash
# Dumps one PostgreSQL database into ARTEFACT. Where: the postgres image of the server's major version, after postgres/connection.sh.
# Connection: libpq's own variables (PGHOST, PGPASSWORD, ...). Environment: ARTEFACT; MAX_LAG, in seconds, how far a standby may be
# behind its primary; and JOBS, how many workers dump at once; with more than one it is their files in a tar. Writes ARTEFACT, and to
# /scratch/dumped.json and /scratch/roles.json what only the server knows.
set -euo pipefail

# In a pod its text is in front of this one.
# shellcheck source=programs/postgres/connection.sh
declare -F refuse_pooler >/dev/null || source "${BASH_SOURCE[0]%/*}/connection.sh"

rm -rf "$ARTEFACT" /scratch/raw /scratch/directory /scratch/dumped.json /scratch/roles.json
server=$(answer --command='SHOW server_version')
client=$(pg_dump --version)
client=${client##*) }
major=${client%%[.~ ]*}
if [ "${server%%[.~ ]*}" != "$major" ]; then
  echo "the server is PostgreSQL $server and the client $client; their major versions must be equal: correct the datastore's declared version" >&2
  exit 1
fi
# shellcheck disable=SC2119 # as libpq's own variables say
refuse_pooler
# shellcheck disable=SC2119
judge_replication

answer --set=startedAt="$data_at" --set=client="$client" >/scratch/dumped.json <<'SQL'
SELECT json_build_object(
  'kind', 'postgres', 'startedAt', :'startedAt', 'serverVersion', current_setting('server_version'), 'clientVersion', :'client');
SQL
# The roles that own something in this database, have a right on it, are in a policy or have settings of their own in it, those that
# they are members of, and the server's first superuser (oid 10). For the last, and for settings, pg_shdepend keeps no entry. Any
# user may read this; no password is in it.
answer >/scratch/roles.json <<'SQL'
WITH RECURSIVE needed (oid) AS (
  (SELECT 10::oid
   UNION SELECT refobjid FROM pg_shdepend JOIN pg_database ON datname = current_database()
   WHERE refclassid = 'pg_authid'::regclass
     AND (dbid = pg_database.oid OR classid = 'pg_database'::regclass AND objid = pg_database.oid)
   UNION SELECT setrole FROM pg_db_role_setting JOIN pg_database ON pg_database.oid = setdatabase WHERE datname = current_database())
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

#!/usr/bin/env bash
# Makes a database cluster on first start, then starts the server: the part of the vendor's entrypoint that we rely on.
# POSTGRES_USER, POSTGRES_DB, POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE, POSTGRES_INITDB_ARGS; /docker-entrypoint-initdb.d/*.sql and *.sh.
set -Eeuo pipefail

case "${1:-}" in -*) set -- postgres "$@" ;; esac
if [ "${1:-}" != postgres ]; then exec "$@"; fi

if [ "$(id -u)" = 0 ]; then
  mkdir -p "$PGDATA"
  chown -R postgres "$PGDATA" /var/run/postgresql
  exec setpriv --reuid postgres --regid postgres --init-groups "$0" "$@"
fi

user=${POSTGRES_USER:-postgres}
database=${POSTGRES_DB:-$user}
password=${POSTGRES_PASSWORD:-}
if [ -n "${POSTGRES_PASSWORD_FILE:-}" ]; then password=$(cat "$POSTGRES_PASSWORD_FILE"); fi

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  if [ -z "$password" ]; then
    echo 'Error: a new database needs a password for its superuser in POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE' >&2
    exit 1
  fi
  mkdir -p "$PGDATA"
  chmod 700 "$PGDATA"
  # shellcheck disable=SC2086 # options, as the vendor's takes them
  initdb --username="$user" --pwfile=<(printf '%s\n' "$password") ${POSTGRES_INITDB_ARGS:-}
  printf '\nhost all all all scram-sha-256\n' >> "$PGDATA/pg_hba.conf"

  # Until everything is loaded the server is on its socket alone, so that no client takes it for ready.
  PGUSER=$user PGPASSWORD=$password pg_ctl -D "$PGDATA" -o "-c listen_addresses=''" -w start
  query=(psql -v ON_ERROR_STOP=1 --no-psqlrc --username "$user" --no-password)
  export PGPASSWORD=$password
  if [ "$database" != postgres ]; then
    "${query[@]}" --dbname postgres --set name="$database" <<< 'CREATE DATABASE :"name"'
  fi
  for file in /docker-entrypoint-initdb.d/*; do
    case "$file" in
      *.sh) echo "running $file" && bash "$file" ;;
      *.sql) echo "running $file" && "${query[@]}" --dbname "$database" --quiet --file "$file" ;;
    esac
  done
  unset PGPASSWORD
  pg_ctl -D "$PGDATA" -m fast -w stop
fi

exec "$@"

#!/usr/bin/env bash
# Dumps one PostgreSQL database into /scratch and reads the whole dump back: what cannot be read is never published.
# Where: the postgres image of the server's major version. Connection: libpq's own variables (PGHOST, PGPASSWORD, ...).
# Leaves: /scratch/dump and /scratch/about/*, one fact a file, for publish.sh.
set -euo pipefail

about=/scratch/about
rm -rf /scratch/dump /scratch/about
mkdir "$about"
date -u +%Y-%m-%dT%H:%M:%SZ >"$about/startedAt"

server=$(psql --no-psqlrc --no-password --tuples-only --no-align --command 'SHOW server_version')
client=$(pg_dump --version)
client=${client##*) }
if [ "${server%%[.~ ]*}" != "${client%%[.~ ]*}" ]; then
  echo "the server is PostgreSQL $server and the client $client; their major versions must be equal: correct the datastore's declared version" >&2
  exit 1
fi
printf '%s' "$server" >"$about/serverVersion"
printf '%s' "$client" >"$about/clientVersion"

dump=(pg_dump --no-password --format=custom --lock-wait-timeout=60s)
if [ "${client%%[.~ ]*}" -ge 16 ]; then
  "${dump[@]}" --compress=zstd:3 --file=/scratch/dump
else
  # Before 16 pg_dump compresses with gzip alone, four times as slow as zstd at the same size.
  "${dump[@]}" --compress=0 --file=/scratch/dump.raw
  zstd --quiet -3 --rm -o /scratch/dump /scratch/dump.raw
fi

# A custom-format dump has its table of contents in front: listing it proves nothing about the data behind.
read_back() {
  if [ "$(head --bytes=5 /scratch/dump)" = PGDMP ]; then
    pg_restore --data-only --file=- /scratch/dump
  else
    zstd --quiet --decompress --stdout /scratch/dump | pg_restore --data-only --file=-
  fi
}
read_back | awk '
  # Rows of each table, counted in the dump itself. A quoted name may hold anything, so its end is searched quote by quote.
  !inside && /^COPY .* FROM stdin;$/ {
    name = ""
    quoted = 0
    for (i = 6; i <= length($0); i++) {
      c = substr($0, i, 1)
      if (c == "\"") quoted = !quoted
      if (c == " " && !quoted) break
      name = name c
    }
    rows = 0
    inside = 1
    next
  }
  inside && $0 == "\\." { print rows "\t" name; inside = 0; next }
  inside { rows++ }
' >"$about/tables"
if [ ! -s "$about/tables" ]; then
  echo "the dump of $PGDATABASE holds no table: it is not published; correct the declared database or the user's rights" >&2
  exit 1
fi
echo "dumped $PGDATABASE from PostgreSQL $server: $(stat --format=%s /scratch/dump) bytes, $(wc --lines <"$about/tables") tables, read back whole"

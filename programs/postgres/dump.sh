#!/usr/bin/env bash
# Dumps one PostgreSQL database into /scratch and reads the whole dump back: what cannot be read is never published.
# Where: the postgres image of the server's major version. Connection: libpq's own variables (PGHOST, PGPASSWORD, ...).
# Leaves: /scratch/backup.dump, and in /scratch/about.json what the manifest says of it.
set -euo pipefail

artefact=/scratch/backup.dump
about=/scratch/about.json
rm -f "$artefact" "$artefact.raw" "$about"
started=$(date -u +%Y-%m-%dT%H:%M:%SZ)

server=$(psql --no-psqlrc --no-password --tuples-only --no-align --command 'SHOW server_version')
client=$(pg_dump --version)
client=${client##*) }
if [ "${server%%[.~ ]*}" != "${client%%[.~ ]*}" ]; then
  echo "the server is PostgreSQL $server and the client $client; their major versions must be equal: correct the datastore's declared version" >&2
  exit 1
fi

dump=(pg_dump --no-password --format=custom --lock-wait-timeout=60s)
if [ "${client%%[.~ ]*}" -ge 16 ]; then
  "${dump[@]}" --compress=zstd:3 --file="$artefact"
else
  # Before 16 pg_dump compresses with gzip alone, four times as slow as zstd at the same size.
  "${dump[@]}" --compress=0 --file="$artefact.raw"
  zstd --quiet -3 --rm -o "$artefact" "$artefact.raw"
fi

# A custom-format dump has its table of contents in front: listing it proves nothing about the data behind.
read_back() {
  if [ "$(head --bytes=5 "$artefact")" = PGDMP ]; then
    pg_restore --data-only --file=- "$artefact"
  else
    zstd --quiet --decompress --stdout "$artefact" | pg_restore --data-only --file=-
  fi
}
read_back | startedAt=$started serverVersion=$server clientVersion=$client awk '
  # A text as JSON writes it.
  function json(text,    i, c, written) {
    for (i = 1; i <= length(text); i++) {
      c = substr(text, i, 1)
      if (c == "\"" || c == "\\") c = "\\" c
      else if (index(controls, c)) c = sprintf("\\u%04x", index(controls, c))
      written = written c
    }
    return "\"" written "\""
  }
  BEGIN {
    for (i = 1; i < 32; i++) controls = controls sprintf("%c", i)
    printf "{\"kind\":\"postgres\",\"startedAt\":%s,", json(ENVIRON["startedAt"])
    printf "\"serverVersion\":%s,\"clientVersion\":%s,", json(ENVIRON["serverVersion"]), json(ENVIRON["clientVersion"])
    printf "\"content\":{\"tables\":["
  }
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
  inside && $0 == "\\." {
    printf "%s{\"name\":%s,\"rows\":%d}", tables++ ? "," : "", json(name), rows
    inside = 0
    next
  }
  inside { rows++ }
  END {
    print "]}}"
    print tables + 0 >"/tmp/tables"
  }
' >"$about"
tables=$(</tmp/tables)
if [ "$tables" = 0 ]; then
  echo "the dump of $PGDATABASE holds no table: it is not published; correct the declared database or the user's rights" >&2
  exit 1
fi
echo "dumped $PGDATABASE from PostgreSQL $server: $(stat --format=%s "$artefact") bytes, $tables tables, read back whole"

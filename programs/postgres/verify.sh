#!/usr/bin/env bash
# Reads the whole dump of a PostgreSQL database back, data included: what cannot be read is never published. Counts the tables,
# the rows and the properties of the database in the dump itself. Where: the image that dumped it, after postgres/properties.sh.
# Environment: ARTEFACT, PGDATABASE (for its messages); no server is contacted. Reads /scratch/dumped.json and /scratch/roles.json.
# Writes the manifest's fields to /scratch/about.json.
set -euo pipefail

# In a pod its text is in front of this one.
# shellcheck source=programs/postgres/properties.sh
declare -F count_properties >/dev/null || source "${BASH_SOURCE[0]%/*}/properties.sh"

about=/scratch/about.json
rm -rf "$about" /scratch/directory
dumped=$(</scratch/dumped.json)

# A dump begins with its table of contents: listing it proves nothing about the data after it.
read_back() {
  if [ "${ARTEFACT##*.}" = tar ]; then
    # Detects by itself whether zstd compressed it.
    tar --extract --file="$ARTEFACT" --directory=/scratch
    pg_restore --data-only --file=- /scratch/directory
  elif [ "$(head --bytes=5 "$ARTEFACT")" = PGDMP ]; then
    pg_restore --data-only --file=- "$ARTEFACT"
  else
    zstd --quiet --decompress --stdout "$ARTEFACT" | pg_restore --data-only --file=-
  fi
}
# Runs pg_restore on what lies before the data alone. @param its arguments
before_data() {
  if [ "${ARTEFACT##*.}" = tar ]; then
    pg_restore "$@" /scratch/directory
  elif [ "$(head --bytes=5 "$ARTEFACT")" = PGDMP ]; then
    pg_restore "$@" "$ARTEFACT"
  else
    # pg_restore ends before zstd does; that all can be read is known by now.
    { zstd --quiet --decompress --stdout "$ARTEFACT" 2>/dev/null || true; } | pg_restore "$@"
  fi
}
read_back | awk '
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
  BEGIN { for (i = 1; i < 32; i++) controls = controls sprintf("%c", i) }
  # Rows of each table. A quoted name may contain anything, so its end is searched quote by quote.
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
  END { print tables + 0 >"/tmp/tables" }
' >/scratch/tables
tables=$(</tmp/tables)
if [ "$tables" = 0 ]; then
  echo "the dump of $PGDATABASE holds no table: it is not published; correct the declared database or the user's rights" >&2
  exit 1
fi
properties=$(count_properties before_data)
rm -rf /scratch/directory
sha256=$(sha256sum "$ARTEFACT")
printf '%s,"sha256":"%s","content":{"tables":[%s],"roles":%s,"database":%s}}\n' \
  "${dumped%\}}" "${sha256%% *}" "$(</scratch/tables)" "$(</scratch/roles.json)" "$properties" >"$about"
echo "read the dump of $PGDATABASE back whole: $tables tables"

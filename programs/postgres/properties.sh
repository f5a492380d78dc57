#!/usr/bin/env bash
# What belongs to a database itself and to none of its schemas: owner, settings, settings of roles in it, rights to connect, comment,
# labels. An archive of pg_dump has them, and pg_restore prints them with --create alone, under the dumped name. Functions alone, read
# before the program that calls them. A reader is a command that runs pg_restore on an archive with the arguments that it is given.
set -euo pipefail

scratch=${SCRATCH:-/scratch}

# Prints those statements as SQL for psql, with its variable :"database" in place of the name. @param reader
property_statements() {
  local entry='^[0-9]+; [0-9]+ [0-9]+ (DATABASE( PROPERTIES)? - |(ACL|COMMENT|SECURITY LABEL) - DATABASE )'
  # Without --create they are not listed either.
  "$1" --create --list >"$scratch/entries" || return
  if ! grep -E "$entry" "$scratch/entries" >"$scratch/entries.database"; then return; fi
  # Token by token, as a name, a setting or a comment may hold any text, even SQL.
  "$1" --create --schema-only --use-list="$scratch/entries.database" --file=- | awk '
    function take(regex) {
      if (!match(rest, regex)) return 0
      token = substr(rest, 1, RLENGTH)
      rest = substr(rest, RLENGTH + 1)
      return 1
    }
    { rest = rest $0 "\n" }
    END {
      while (rest != "") {
        if (statement == "" && take("^[ \n]+")) continue
        # Comments, and what speaks to psql itself.
        if (statement == "" && take("^(--|\\\\)[^\n]*\n")) continue
        if (!take("^\047([^\047]|\047\047)*\047") && !take("^\"([^\"]|\"\")*\"") && !take("^[^ \n;\"\047]+") && !take("^[ \n]+")) take("^.")
        if (token == ";") {
          # What other statements depend on is kept with them.
          if (named || statement ~ /^(SET (client_encoding|standard_conforming_strings|SESSION AUTHORIZATION)|RESET SESSION AUTHORIZATION)/)
            if (statement !~ /^CREATE /) print statement ";"
          statement = ""
          named = 0
          follows = 0
          continue
        }
        if (follows && token !~ /^[ \n]/) {
          token = ":\"database\""
          follows = 0
        } else if (!named && token == "DATABASE") {
          named = 1
          follows = 1
        }
        statement = statement token
      }
    }'
}

# Counts them, and the default privileges, as the manifest has it: JSON. @param reader
count_properties() {
  property_statements "$1" >"$scratch/properties" || return
  awk -v defaults="$(grep -Ec '^[0-9]+; [0-9]+ [0-9]+ DEFAULT ACL ' "$scratch/entries" || true)" '
    # The rest of a statement of several lines may look like the beginning of another: no statement has its name there.
    /^ALTER DATABASE :"database" OWNER TO / { owner++; next }
    /^ALTER DATABASE :"database" / { settings++; next }
    /^ALTER ROLE .* IN DATABASE :"database" / { roles++; next }
    /^(GRANT|REVOKE) .* ON DATABASE :"database" / { privileges++; next }
    /^COMMENT ON DATABASE :"database" / { comment++; next }
    /^SECURITY LABEL .* ON DATABASE :"database" / { labels++; next }
    END {
      printf "{\"owner\":%d,\"settings\":%d,\"roleSettings\":%d,\"privileges\":%d,\"defaultPrivileges\":%d,\"comment\":%d,\"labels\":%d}\n",
        owner, settings, roles, privileges, defaults, comment, labels
    }' "$scratch/properties"
}

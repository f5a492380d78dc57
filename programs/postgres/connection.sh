#!/usr/bin/env bash
# What a dump and a restore ask about a connection to PostgreSQL before they trust it: functions alone, read before the program that
# calls them. They connect as libpq's own variables say, and with the arguments that they are given.
# shellcheck disable=SC2034,SC2119,SC2120 # for the program that calls them
set -euo pipefail

# Runs psql, for its answers alone. @param its arguments
answer() {
  psql --no-psqlrc --no-password --quiet --tuples-only --no-align --set=ON_ERROR_STOP=1 "$@"
}

# Refuses a pooler that gives each transaction another of its connections: what pg_dump sets in a session, an empty search_path among
# it, would stay in a connection that clients use afterwards. Only reads process numbers, so no client notices it. A pooler
# in session mode passes: it keeps one connection for each client.
# @param psql's further arguments. Ends with 1 if it is such a pooler.
refuse_pooler() {
  local direct
  # A pooler has connections of its own to the server: it refuses or forgets what a client asks for as it connects. PostgreSQL
  # accepts any name with a dot.
  direct=$(PGOPTIONS="${PGOPTIONS:-} -c upkeep.direct=yes" answer "$@" \
    --command="SELECT current_setting('upkeep.direct', true)" 2>/dev/null) || direct=
  if [ "$direct" = yes ]; then return; fi
  # An answer proves that the server can be reached; if it cannot, psql says why.
  answer "$@" --command='SELECT 1' >/dev/null

  local round first second other why=
  coproc held { answer "$@" 2>&1; }
  # shellcheck disable=SC2154 # coproc sets it
  local pid=$held_PID from=${held[0]} to=${held[1]}
  for round in 1 2 3 4 5 6 7 8; do
    # Two questions in a row, as a pooler may take its connections in turn.
    first=$(held_pid "$from" "$to") second=$(held_pid "$from" "$to")
    other=$(timeout 20 psql --no-psqlrc --no-password --quiet --tuples-only --no-align "$@" --command='SELECT pg_backend_pid()' 2>&1) || true
    if [[ ! $first$second$other =~ ^[0-9]+$ ]]; then
      why="whose answer in round $round is \"$first\", \"$second\", \"$other\""
    elif [ "$first" != "$second" ]; then
      why="in which one client was given the server's processes $first and $second"
    elif [ "$other" = "$second" ]; then
      why="in which two clients were given the server's process $first at once"
    fi
    [ -z "$why" ] || break
  done
  echo '\quit' >&"$to" || true
  wait "$pid" 2>/dev/null || true
  [ -z "$why" ] || {
    echo "${PGHOST:-the host} is a connection pooler, $why; allowed: the server itself, or a pooler in session mode, because what pg_dump sets" \
      "would stay in connections that clients use afterwards. Nothing was dumped or changed: declare the server's own host and port" >&2
    return 1
  }
}

# The number of the server's process that answers an open connection. @param file descriptors to read and to write
held_pid() {
  local number=none
  echo 'SELECT pg_backend_pid();' >&"$2"
  read -r -t 20 number <&"$1" || true
  echo "$number"
}

# Sets `data_at`, the time in UTC whose data a dump that begins now holds: now, except on a standby that has not replayed all that
# its primary has committed. Environment: MAX_LAG, in seconds, how far a standby may be behind.
# @param psql's further arguments. Ends with 1 if a standby is behind further, or cannot tell.
judge_replication() {
  local standby current lag replayed why ends=$((SECONDS + 10))
  while :; do
    data_at=$(date -u +%Y-%m-%dT%H:%M:%SZ)
    # A standby is current when it has replayed all that it received, and still receives: without a connection to its primary the view
    # is empty. Otherwise its data ends at the last transaction that it replayed. Only pg_read_all_stats sees when the primary spoke last;
    # an idle one does every 30 s.
    IFS='|' read -r standby current lag replayed < <(answer "$@" --set=most="${MAX_LAG:-60}" <<'SQL' || echo unknown
SELECT pg_is_in_recovery(),
  coalesce(pg_last_wal_replay_lsn() >= pg_last_wal_receive_lsn(), false)
    AND EXISTS (SELECT FROM pg_stat_wal_receiver
      WHERE coalesce(clock_timestamp() - last_msg_receipt_time < make_interval(secs => greatest(:most, 60)), true)),
  extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp())::bigint,
  to_char(pg_last_xact_replay_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"');
SQL
    )
    case $standby,$current in
      f,* | t,t) return 0 ;;
      t,f) ;;
      *) return 1 ;;
    esac
    if [ -n "$lag" ] && [ "$lag" -le "${MAX_LAG:-60}" ]; then
      data_at=$replayed
      return 0
    fi
    # A transaction that just arrives is replayed in an instant.
    [ "$SECONDS" -lt "$ends" ] || break
    sleep 1
  done
  why="has replayed no transaction since it started and receives nothing"
  [ -z "$lag" ] || why="is $lag s behind: the last transaction that it replayed was committed at $replayed"
  echo "${PGHOST:-the host} is a standby that $why; allowed: at most ${MAX_LAG:-60} s, so that no old data is taken for today's. Nothing was" \
    "dumped: repair its replication (pg_stat_wal_receiver, and its log), declare the primary's host, or declare a longer maxLag" >&2
  return 1
}

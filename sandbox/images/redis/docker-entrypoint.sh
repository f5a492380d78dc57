#!/bin/sh
# As root, becomes the redis user before it starts the server.
set -e
case "$1" in -* | *.conf) set -- redis-server "$@" ;; esac
if [ "$1" = redis-server ] && [ "$(id -u)" = 0 ]; then
  chown -R redis .
  exec setpriv --reuid redis --regid redis --clear-groups "$0" "$@"
fi
# The vendor builds its server with protected mode off, so that it answers other pods; Debian does not.
case "$*" in
  *protected-mode*) ;;
  redis-server*) set -- "$@" --protected-mode no ;;
esac
exec "$@"

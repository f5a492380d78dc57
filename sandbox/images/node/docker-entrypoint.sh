#!/bin/sh
# An option, or anything that cannot be run, is for Node.
set -e
if [ "${1#-}" != "$1" ] || [ ! -x "$(command -v "$1")" ]; then set -- node "$@"; fi
exec "$@"

#!/bin/sh
# An option or an address is for curl.
set -e
case "$1" in -* | *://*) set -- curl "$@" ;; esac
exec "$@"

# Runs in the new root of images that start from Debian's slim one: what its packages' own scripts would have made.
set -eu
cp /usr/share/base-passwd/passwd.master /etc/passwd
cp /usr/share/base-passwd/group.master /etc/group
cp /usr/share/*/nsswitch.conf /etc/nsswitch.conf
ln -s mawk /usr/bin/awk
ln -s /usr/share/zoneinfo/Etc/UTC /etc/localtime
[ -e /usr/bin/sh ] || ln -s dash /usr/bin/sh
[ -e /var/run ] || ln -s /run /var/run
mkdir -p /run/lock

# Runs in the new root.
set -eu
groupadd --system --gid 999 redis
useradd --system --gid redis --uid 999 redis
install --directory --owner redis --group redis /data
rm -rf /etc/redis /usr/lib/systemd

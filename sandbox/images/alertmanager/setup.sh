# Runs in the new root.
set -eu
/usr/bin/busybox --install -s /usr/bin
ln -sf prometheus-alertmanager /usr/bin/alertmanager
rm -rf /etc/default /etc/init.d /etc/logrotate.d /usr/lib/systemd
echo 'nobody:x:65534:65534:nobody:/home:/bin/false' > /etc/passwd
echo 'nobody:x:65534:' > /etc/group
mkdir -p /alertmanager
chown 65534:65534 /alertmanager

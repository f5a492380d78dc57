# Runs in the new root.
set -eu
/usr/bin/busybox --install -s /usr/bin
cat /usr/share/ca-certificates/mozilla/*.crt > /cacert.pem
rm -r /usr/share/ca-certificates
echo 'root:x:0:0:root:/root:/bin/sh' > /etc/passwd
echo 'root:x:0:' > /etc/group
echo 'curl_user:x:100:101:Linux User,,,:/home/curl_user:/bin/sh' >> /etc/passwd
echo 'curl_group:x:101:curl_user' >> /etc/group
mkdir -p /home/curl_user
chown 100:101 /home/curl_user

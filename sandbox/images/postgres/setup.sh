# Runs in the new root.
set -eu
groupadd --system --gid 999 postgres
useradd --system --gid postgres --uid 999 --home-dir /var/lib/postgresql --shell /bin/bash postgres
install --directory --owner postgres --group postgres --mode 1777 /var/lib/postgresql/data
install --directory --owner postgres --group postgres --mode 3777 /var/run/postgresql
chown postgres:postgres /var/lib/postgresql
mkdir /docker-entrypoint-initdb.d
# In a container everyone comes over the network.
sed -i "s/^#listen_addresses = 'localhost'/listen_addresses = '*'/" /usr/share/postgresql/*/postgresql.conf.sample
localedef --inputfile en_US --charmap UTF-8 en_US.UTF-8
rm -r /usr/share/i18n /usr/lib/postgresql/*/lib/bitcode /usr/lib/postgresql/*/lib/llvmjit*

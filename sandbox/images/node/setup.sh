# Runs in the new root.
set -eu
groupadd --gid 1000 node
useradd --uid 1000 --gid node --shell /bin/bash --create-home node
ln -s node /usr/local/bin/nodejs

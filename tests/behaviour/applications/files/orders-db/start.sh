#!/bin/sh
set -e
bin=$(ls -d /usr/lib/postgresql/*/bin | tail -1)
major=$(basename "$(dirname "$bin")")
data=/var/lib/postgresql/$major/main
if [ ! -s "$data/PG_VERSION" ]; then
  mkdir -p "$data"
  "$bin/initdb" -D "$data" --auth=trust --no-sync >/dev/null
  echo 'host all all all trust' >> "$data/pg_hba.conf"
fi
exec "$bin/postgres" -D "$data" -c listen_addresses='*' -c unix_socket_directories=/tmp -c shared_buffers=16MB \
  -c logging_collector=on -c log_directory=/var/lib/postgresql/log -c autovacuum_naptime=45s -c checkpoint_timeout=2min "$@"

set -e
file=/var/backups/orders/$(date +%Y%m%d-%H%M%S).sql
pg_dump -h orders-db -U postgres postgres > "$file"
if command -v xz > /dev/null; then xz -1 "$file"; else gzip "$file"; fi
sha256sum "$file".* > "$file.sum"

set -e
date -u +%FT%TZ
find /var/backups/orders -type f -mmin +15 -delete
df -P / | awk 'NR == 2 { print $5 }'
exec 3<>/dev/tcp/api/8080
printf 'GET /health HTTP/1.0\r\nHost: api\r\n\r\n' >&3
head -1 <&3

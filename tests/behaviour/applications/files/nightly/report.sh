set -e
work=$(mktemp -d)
for i in $(seq 200); do echo "$((RANDOM % 50)) $RANDOM"; done > "$work/sales"
sort -n "$work/sales" | awk '{ sum[$1] += $2 } END { for (one in sum) print one, sum[one] }' | gzip > "$work/report.gz"
psql -h orders-db -U postgres -Atc 'SELECT count(*) FROM orders' postgres
mv "$work/report.gz" /var/log/nightly/report-$(date +%s).gz
find /var/log/nightly -name 'report-*' -mmin +10 -delete
rm -r "$work"

#!/bin/bash
set -e
if [ ! -d /var/lib/mysql/mysql ]; then
  mysql_install_db --user=mysql --datadir=/var/lib/mysql --skip-test-db >/dev/null
  cat > /tmp/init.sql <<SQL
CREATE DATABASE IF NOT EXISTS catalog;
CREATE USER IF NOT EXISTS 'shop'@'%' IDENTIFIED BY 'shop';
GRANT ALL ON catalog.* TO 'shop'@'%';
CREATE TABLE IF NOT EXISTS catalog.products (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(80), price INT, sold INT DEFAULT 0);
CREATE TABLE IF NOT EXISTS catalog.visits (id INT AUTO_INCREMENT PRIMARY KEY, page VARCHAR(80), at TIMESTAMP DEFAULT CURRENT_TIMESTAMP);
INSERT INTO catalog.products (name, price) VALUES ('buoy', 20), ('anchor', 90), ('rope', 7), ('flare', 12), ('chart', 31);
SQL
  extra=--init-file=/tmp/init.sql
fi
exec mariadbd --user=mysql --bind-address=0.0.0.0 --innodb-buffer-pool-size=16M --performance-schema=OFF --slow-query-log=ON \
  --slow-query-log-file=/var/lib/mysql/slow.log --long-query-time=1 $extra "$@"

import type { Classifier, Mark } from './classifier.ts';

const MYSQL: Mark[] = [
  { near: '-ndb-', pattern: /\0(\d+\.\d+\.\d+)-ndb-/ },
  { near: '/mysql-', pattern: /\/mysql-(\d+\.\d+\.\d+)\// },
  { near: 'mysql_real_escape_string_quote', pattern: /\0(\d+\.\d+\.\d+)\0{1,16}mysql_real_escape_string_quote/ },
];

/** Servers, proxies and data bases. */
export const SERVERS: Classifier[] = [
  {
    name: 'nginx',
    products: ['nginx:nginx', 'f5:nginx'],
    file: /^nginx$/,
    marks: [{ near: 'nginx version: ', pattern: /nginx version: [^/\0]{1,32}\/(\d+\.\d+\.\d+)/ }],
  },
  {
    name: 'httpd',
    products: ['apache:http_server'],
    file: /^(?:httpd|apache2)$/,
    marks: [{ near: 'Apache/', pattern: /Apache\/(\d+\.\d+\.\d+)/ }],
  },
  {
    name: 'haproxy',
    products: ['haproxy:haproxy'],
    file: /^haproxy$/,
    marks: [
      { near: 'HA-Proxy version ', pattern: /HA-Proxy version (\d+\.\d+(?:\.\d+)?(?:-dev\d+)?)/ },
      { near: ', released 20', pattern: / version (\d+\.\d+(?:\.\d+)?(?:-dev\d+)?)(?:-[\w.+~-]{1,32})?, released 20/ },
      {
        near: 'HAProxy version ',
        pattern: /\0(\d+\.\d+(?:\.\d+)?(?:-dev\d+)?)(?:-[0-9a-f]{6,12})?\0[\s\S]{0,100}HAProxy version /,
      },
    ],
  },
  {
    name: 'lighttpd',
    products: ['lighttpd:lighttpd'],
    file: /^lighttpd$/,
    marks: [{ near: 'lighttpd/', pattern: /lighttpd\/(\d+\.\d+\.\d+)/ }],
  },
  {
    name: 'envoy',
    products: ['envoyproxy:envoy'],
    file: /^envoy$/,
    marks: [{ near: '\x001.', pattern: /\0(1\.(?:[6-9]|[1-9]\d)\.\d{1,2}(?:-dev)?)\0/ }],
  },
  {
    name: 'redis',
    products: ['redis:redis', 'redislabs:redis'],
    file: /^redis-(?:server|check-rdb|check-aof)$/,
    marks: [
      { near: 'Redis version ', pattern: /Redis version (\d+\.\d+\.\d+)/ },
      { near: '000000000\0', pattern: /(\d\.\d\.\d{1,2}?)(?:(?:[0-9a-f]{12}|buildkitsandbox)-)?\d{10}0{9}\0/ },
    ],
  },
  {
    name: 'valkey',
    products: ['lfprojects:valkey', 'valkey-io:valkey'],
    file: /^valkey-server$/,
    marks: [{ near: 'valkey', pattern: /valkey(\d+\.\d+\.\d{1,2}?)(?:[0-9a-f]{12}|buildkitsandbox)-\d{10}0{9}/ }],
  },
  {
    name: 'memcached',
    products: ['memcached:memcached'],
    file: /^memcached$/,
    marks: [{ near: 'memcached ', pattern: /\0memcached (\d+\.\d+\.\d+)[\0\n]/ }],
  },
  {
    name: 'postgresql',
    products: ['postgresql:postgresql'],
    file: /^postgres$/,
    marks: [{ near: 'PostgreSQL ', pattern: /PostgreSQL (\d+(?:\.\d+){0,2}(?:(?:alpha|beta|rc)\d+)?) (?:\(|on )/ }],
  },
  {
    name: 'mariadb',
    products: ['mariadb:mariadb'],
    file: /^(?:mariadb|mariadbd|mysqld?)$/,
    marks: [
      { near: '-MariaDB', pattern: /\0(\d+\.\d+\.\d+)-MariaDB/ },
      { near: '/mariadb-', pattern: /\/mariadb-(\d+\.\d+\.\d+)-/ },
    ],
  },
  {
    name: 'percona-server',
    products: ['percona:percona_server'],
    file: /^mysqld?$/,
    marks: [{ near: '/percona-server-', pattern: /\/percona-server-(\d+\.\d+\.\d+)/ }],
  },
  {
    name: 'percona-xtradb-cluster',
    products: ['percona:xtradb_cluster', 'percona:percona_xtradb_cluster'],
    file: /^mysqld?$/,
    marks: [{ near: '/Percona-XtraDB-Cluster-', pattern: /\/Percona-XtraDB-Cluster-(\d+\.\d+\.\d+)/ }],
  },
  {
    name: 'percona-xtrabackup',
    products: ['percona:xtrabackup'],
    file: /^xtrabackup$/,
    marks: [{ near: '/percona-xtrabackup-', pattern: /\/percona-xtrabackup-(\d+\.\d+\.\d+)/ }],
  },
  {
    name: 'mysql-cluster',
    products: ['oracle:mysql_cluster'],
    file: /^(?:mysqld|ndb_mgmd|ndbd|ndbmtd)$/,
    marks: [
      { near: '-ndb-', pattern: /\0\d+\.\d+\.\d+-ndb-(\d+\.\d+\.\d+)\0/ },
      { near: '/mysql-cluster-gpl-', pattern: /\/mysql-cluster-gpl-(\d+\.\d+\.\d+)\// },
    ],
  },
  { name: 'mysql', products: ['oracle:mysql'], file: /^mysql$/, marks: MYSQL },
  { name: 'mysql-server', products: ['oracle:mysql_server', 'oracle:mysql'], file: /^mysqld$/, marks: MYSQL },
  {
    name: 'mongodb',
    products: ['mongodb:mongodb'],
    file: /^mongo[ds]$/,
    marks: ['tcmalloc', 'heap_size', 'cppdefines'].map((near) => ({
      near: `\0${near}\0`,
      pattern: new RegExp(`\\0(\\d+\\.\\d+\\.\\d+)\\0${near}\\0`),
    })),
  },
  {
    name: 'arangodb',
    products: ['arangodb:arangodb'],
    file: /^arango(?:d|sh)$/,
    marks: [{ near: ' [linux]\0', pattern: /\0(\d+\.\d+\.\d+(?:-\d+)?)(?: enterprise)? \[linux\]\0/ }],
  },
  {
    name: 'proftpd',
    products: ['proftpd:proftpd'],
    file: /^proftpd$/,
    marks: [{ near: 'ProFTPD Version ', pattern: /ProFTPD Version (\d+\.\d+\.\d+[a-z]?)/ }],
  },
  {
    name: 'fluent-bit',
    products: ['treasuredata:fluent_bit'],
    file: /^fluent-bit$/,
    marks: [{ near: 'Fluent Bit v%s', pattern: /\0(\d+\.\d+\.\d+)\0{1,8}(?:\x1b\[1m\0)?(?:%s)?Fluent Bit v%s/ }],
  },
  {
    name: 'openldap',
    products: ['openldap:openldap'],
    file: /^(?:slapd|ldap(?:search|modify|add|delete))$/,
    marks: [{ near: '$OpenLDAP: ', pattern: /\$OpenLDAP: \w{1,16} (\d+\.\d+\.\d+)/ }],
  },
];

/** What databases of products call a program that no package manager brought. */
interface Product {
  /** Name under which Bitnami packages it: its advisories have the project's own versions. */
  bitnami?: string;
  /** `vendor:product` of NVD. */
  cpes: readonly string[];
}

const same = (name: string, ...cpes: string[]): [string, Product] => [name, { bitnami: name, cpes }];
const onlyNvd = (name: string, ...cpes: string[]): [string, Product] => [name, { cpes }];

/** By the name that classifiers give a program they recognise by its content. */
const PRODUCTS: ReadonlyMap<string, Product> = new Map([
  same('arangodb', 'arangodb:arangodb'),
  onlyNvd('aws-lc', 'amazon:aws_libcrypto', 'amazon:aws-lc'),
  onlyNvd('bash', 'gnu:bash'),
  onlyNvd('bun', 'bun:bun', 'oven:bun'),
  onlyNvd('busybox', 'busybox:busybox'),
  onlyNvd('chrome', 'google:chrome'),
  onlyNvd('curl', 'haxx:curl', 'curl:curl'),
  onlyNvd('dart', 'dart:dart_software_development_kit'),
  onlyNvd('deno', 'deno:deno'),
  same('envoy', 'envoyproxy:envoy'),
  onlyNvd('erlang', 'erlang:erlang/otp', 'erlang:otp'),
  onlyNvd('ffmpeg', 'ffmpeg:ffmpeg'),
  same('fluent-bit', 'treasuredata:fluent_bit'),
  onlyNvd('gcc', 'gnu:gcc'),
  same('git', 'git:git', 'git-scm:git'),
  ['go', { bitnami: 'golang', cpes: ['golang:go'] }],
  onlyNvd('graalvm', 'oracle:graalvm'),
  onlyNvd('gzip', 'gnu:gzip'),
  same('haproxy', 'haproxy:haproxy'),
  onlyNvd('haskell/cabal', 'haskell:cabal'),
  onlyNvd('haskell/ghc', 'haskell:ghc'),
  onlyNvd('heimdal-krb5', 'heimdal_project:heimdal'),
  ['httpd', { bitnami: 'apache', cpes: ['apache:http_server'] }],
  onlyNvd('jq', 'jqlang:jq', 'jq_project:jq', 'stedolan:jq'),
  onlyNvd('jre', 'oracle:jre'),
  onlyNvd('julia', 'julialang:julia'),
  onlyNvd('krb5', 'mit:kerberos_5'),
  onlyNvd('lighttpd', 'lighttpd:lighttpd'),
  same('mariadb', 'mariadb:mariadb'),
  same('memcached', 'memcached:memcached'),
  same('mongodb', 'mongodb:mongodb'),
  same('mysql', 'oracle:mysql', 'mysql:mysql'),
  onlyNvd('mysql-cluster', 'oracle:mysql_cluster'),
  ['mysql-server', { bitnami: 'mysql', cpes: ['oracle:mysql', 'mysql:mysql', 'oracle:mysql_server'] }],
  same('nginx', 'f5:nginx', 'nginx:nginx', 'f5:nginx_open_source'),
  same('node', 'nodejs:node.js'),
  onlyNvd('openjdk', 'oracle:openjdk'),
  same('openldap', 'openldap:openldap'),
  same('openssl', 'openssl:openssl'),
  onlyNvd('percona-server', 'percona:percona_server'),
  onlyNvd('percona-xtrabackup', 'percona:xtrabackup'),
  onlyNvd('percona-xtradb-cluster', 'percona:xtradb_cluster'),
  onlyNvd('perl', 'perl:perl'),
  same('php', 'php:php'),
  same('postgresql', 'postgresql:postgresql'),
  onlyNvd('proftpd', 'proftpd:proftpd'),
  onlyNvd('pypy', 'pypy:pypy'),
  same('python', 'python:python'),
  onlyNvd('qtbase', 'qt:qtbase', 'qt:qt'),
  same('redis', 'redis:redis', 'redislabs:redis'),
  same('ruby', 'ruby-lang:ruby'),
  onlyNvd('rust', 'rust-lang:rust'),
  onlyNvd('sqlcipher', 'zetetic:sqlcipher'),
  onlyNvd('sqlite', 'sqlite:sqlite'),
  onlyNvd('swipl', 'swi-prolog:swi-prolog'),
  same('traefik', 'traefik:traefik'),
  onlyNvd('util-linux', 'kernel:util-linux'),
  same('valkey', 'valkey-io:valkey', 'lfprojects:valkey'),
  same('wordpress', 'wordpress:wordpress'),
  onlyNvd('xz', 'tukaani:xz'),
  onlyNvd('zstd', 'facebook:zstandard'),
]);

/** The product that a program is; undefined where no database is known to name it. */
export function classifiedProduct(name: string): Product | undefined {
  return PRODUCTS.get(name.toLowerCase());
}

import type { Chance } from '../record/chance.ts';
import { podman, type Replica, within } from '../record/containers.ts';
import { redis, sql } from './requests.ts';

/** One thing that an administrator, an operator or a probe does to a replica. */
export interface Work {
  name: string;
  do: (replica: Replica, chance: Chance) => Promise<unknown>;
}

const work = (name: string, run: Work['do']): Work => ({ name, do: run });

/** What is done to each application now and then, by how often. */
export const ADMINISTRATION: Readonly<Record<string, readonly (readonly [number, Work])[]>> = {
  web: [
    [
      4,
      work('rotate logs', (to) =>
        within(to, ['sh', '-c', 'mv /var/log/nginx/shop.log /var/log/nginx/shop.log.1; kill -USR1 1'], 'root'),
      ),
    ],
    [3, work('reload configuration', (to) => within(to, ['nginx', '-s', 'reload']))],
    [2, work('test configuration', (to) => within(to, ['nginx', '-t']))],
  ],
  cache: [
    [3, work('ask for its state', (to) => within(to, ['redis-cli', 'INFO', 'memory']))],
    [2, work('rewrite its log', (to) => redis(to, ['BGREWRITEAOF']))],
    [
      2,
      work('change configuration', (to, chance) =>
        redis(to, ['CONFIG', 'SET', 'maxmemory', `${24 + chance.below(16)}mb`]),
      ),
    ],
    [1, work('back up', (to) => within(to, ['redis-cli', '--rdb', '/tmp/backup.rdb']))],
  ],
  'orders-db': [
    [3, work('back up', (to) => within(to, ['sh', '-c', 'pg_dump -h /tmp postgres | gzip > /tmp/backup.gz']))],
    [
      2,
      work('ask for its activity', (to) => within(to, ['psql', '-h', '/tmp', '-c', 'SELECT * FROM pg_stat_activity'])),
    ],
    [
      2,
      work('change configuration', (to, chance) =>
        sql(to, `ALTER SYSTEM SET work_mem = '${1 + chance.below(8)}MB'`).then(() =>
          sql(to, 'SELECT pg_reload_conf()'),
        ),
      ),
    ],
    [2, work('rotate logs', (to) => sql(to, 'SELECT pg_rotate_logfile()'))],
    [1, work('rebuild an index', (to) => sql(to, 'REINDEX TABLE orders'))],
    [1, work('write a checkpoint', (to) => sql(to, 'CHECKPOINT'))],
  ],
  'catalog-db': [
    [
      3,
      work('back up', (to) =>
        within(to, [
          'sh',
          '-c',
          'mysqldump -ushop -pshop --single-transaction --no-tablespaces catalog | gzip > /tmp/backup.sql.gz',
        ]),
      ),
    ],
    [3, work('ask for its state', (to) => within(to, ['mysqladmin', '-ushop', '-pshop', 'status']))],
    [2, work('analyse tables', (to) => within(to, ['mysqlcheck', '-ushop', '-pshop', '--analyze', 'catalog']))],
    [
      2,
      work('delete old rows', (to) =>
        within(to, [
          'mysql',
          '-ushop',
          '-pshop',
          'catalog',
          '-e',
          'DELETE FROM visits WHERE at < NOW() - INTERVAL 10 MINUTE',
        ]),
      ),
    ],
    [
      1,
      work('change a table', (to) =>
        within(to, ['mysql', '-ushop', '-pshop', 'catalog', '-e', 'ALTER TABLE visits ENGINE=InnoDB']),
      ),
    ],
  ],
  shop: [
    [3, work('reload configuration', (to) => within(to, ['apache2ctl', 'graceful']))],
    [
      3,
      work('rotate logs', (to) =>
        within(to, ['sh', '-c', 'mv /var/log/apache2/access.log /var/log/apache2/access.log.1; apache2ctl graceful']),
      ),
    ],
    [2, work('test configuration', (to) => within(to, ['apache2ctl', '-t']))],
  ],
  recommend: [
    [3, work('reload workers', (to) => podman('kill', '--signal=HUP', to.container))],
    [2, work('restart workers by force', (to) => within(to, ['python3', '-c', 'import os; os.kill(1, 1)']))],
  ],
  api: [[3, work('ask for its version', (to) => within(to, ['node', '--version']))]],
  nightly: [[3, work('back up now', (to) => within(to, ['/bin/bash', '/srv/app/backup.sh']))]],
  ci: [[3, work('look at the disk', (to) => within(to, ['df', '-h', '/builds']))]],
};

/** How a replica's health is probed from inside, where it is. */
export const PROBES: Readonly<Record<string, readonly string[]>> = {
  cache: ['redis-cli', 'PING'],
  'orders-db': ['pg_isready', '-h', '/tmp'],
};

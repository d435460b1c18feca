import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import pg from 'pg';
import type { Chance } from '../record/chance.ts';
import type { Replica } from '../record/containers.ts';

/** One thing that somebody asks of a replica. */
export type Ask = (replica: Replica, chance: Chance) => Promise<void>;

const PATIENCE = 15_000;

/** What is asked of each application, by how often. */
export const REQUESTS: Readonly<Record<string, readonly (readonly [number, Ask])[]>> = {
  web: [
    [50, (to, chance) => get(to, chance.pick(['/', '/page1.html', '/page2.html', '/page3.html']))],
    [10, (to, chance) => get(to, `/missing/${chance.below(1000)}`)],
    [30, (to, chance) => get(to, `/api/items/${chance.below(40)}`)],
    [8, (to, chance) => get(to, `/api/recommend/u${chance.below(60)}`)],
    [2, (to, chance) => post(to, '/api/import', 'application/json', bulk(chance))],
  ],
  api: [
    [60, (to, chance) => get(to, `/items/${chance.below(40)}`)],
    [20, (to, chance) => get(to, `/recommend/u${chance.below(60)}`)],
    [10, (to) => get(to, '/health')],
    [5, (to, chance) => post(to, '/import', 'application/json', bulk(chance))],
    [3, (to) => get(to, '/packed?file=/srv/app/server.js')],
    [2, (to) => get(to, '/nowhere')],
  ],
  recommend: [
    [70, (to, chance) => get(to, `/recommend/u${chance.below(60)}`)],
    [12, (to) => get(to, '/health')],
    [8, (to) => get(to, '/report')],
    [5, (to) => post(to, '/train', 'text/plain', '')],
    [3, (to) => get(to, '/size?file=/srv/app/app.py')],
    [2, (to) => get(to, '/nowhere')],
  ],
  shop: [
    [40, (to) => get(to, '/index.php', 'PHPSESSID=steady')],
    [10, (to) => get(to, '/index.php')],
    [25, (to, chance) => get(to, `/product.php?id=${chance.below(8)}`)],
    [10, (to, chance) => post(to, '/order.php', 'application/x-www-form-urlencoded', `id=${1 + chance.below(5)}`)],
    [5, (to, chance) => upload(to, chance)],
    [4, (to) => get(to, '/export.php')],
    [3, (to, chance) => get(to, `/lookup.php?host=${chance.pick(['catalog-db', 'localhost', 'api'])}`)],
    [3, (to) => get(to, '/missing.php')],
  ],
  cache: [
    [50, (to, chance) => redis(to, ['SET', `key:${chance.below(200)}`, 'x'.repeat(chance.below(300))])],
    [40, (to, chance) => redis(to, ['GET', `key:${chance.below(200)}`])],
    [6, (to, chance) => redis(to, ['EVAL', 'return redis.call("incr", KEYS[1])', '1', `count:${chance.below(9)}`])],
    [2, (to) => redis(to, ['INFO'])],
    [1, (to) => redis(to, ['BGSAVE'])],
    [1, (to) => redis(to, ['SLOWLOG', 'GET'])],
  ],
  'orders-db': [
    [
      40,
      (to, chance) =>
        sql(to, `INSERT INTO orders (customer, amount) VALUES ('u${chance.below(60)}', ${chance.below(500)})`),
    ],
    [40, (to, chance) => sql(to, `SELECT sum(amount) FROM orders WHERE customer = 'u${chance.below(60)}'`)],
    [8, (to) => sql(to, 'SELECT customer, count(*) FROM orders GROUP BY 1 ORDER BY 2 DESC LIMIT 5')],
    [4, (to) => sql(to, 'SELECT a.id FROM orders a CROSS JOIN generate_series(1, 400) ORDER BY random() LIMIT 3')],
    [4, (to, chance) => sql(to, `UPDATE orders SET amount = amount + 1 WHERE id = ${chance.below(1000)}`)],
    [2, (to) => sql(to, 'CREATE TEMP TABLE t AS SELECT * FROM orders; CREATE INDEX ON t (customer); DROP TABLE t')],
    [1, (to) => sql(to, 'VACUUM ANALYZE orders')],
    [1, (to) => sql(to, 'DELETE FROM orders WHERE id < (SELECT max(id) - 4000 FROM orders)')],
  ],
};

/** Makes what the requests need, once a database answers. */
export const PREPARATIONS: Readonly<Record<string, Ask>> = {
  'orders-db': (to) =>
    sql(
      to,
      'CREATE TABLE IF NOT EXISTS orders (id serial PRIMARY KEY, customer text, amount int, at timestamptz DEFAULT now())',
    ),
};

const bulk = (chance: Chance): string =>
  JSON.stringify(
    Object.fromEntries(Array.from({ length: 1 + chance.below(400) }, (_, index) => [`item${index}`, index])),
  );

export async function get(to: Replica, path: string, cookie?: string): Promise<void> {
  await http(to, 'GET', path, cookie === undefined ? {} : { cookie });
}

async function post(to: Replica, path: string, type: string, body: string): Promise<void> {
  await http(to, 'POST', path, { 'content-type': type }, body);
}

async function upload(to: Replica, chance: Chance): Promise<void> {
  const bytes = 'p'.repeat(chance.below(20_000));
  const body = `--x\r\nContent-Disposition: form-data; name="picture"; filename="p${chance.below(99)}.jpg"\r\n\r\n${bytes}\r\n--x--\r\n`;
  await post(to, '/upload.php', 'multipart/form-data; boundary=x', body);
}

/** What a service answers. */
export async function http(
  to: Replica,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  body?: string,
): Promise<string> {
  return await new Promise((resolve, reject) => {
    const asked = request(
      { host: to.address, port: to.application.port, method, path, headers, timeout: PATIENCE, agent: false },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (part: string) => (text += part));
        answer.on('end', () => resolve(text)).on('error', reject);
      },
    );
    asked.on('timeout', () => asked.destroy(new Error('no answer in time'))).on('error', reject);
    asked.end(body);
  });
}

/** A command in the protocol of Redis, and the first line of its answer. */
export async function redis(to: Replica, words: readonly string[]): Promise<void> {
  const socket = connect({ host: to.address, port: 6379, timeout: PATIENCE });
  socket.on('timeout', () => socket.destroy());
  try {
    socket.write(`*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`);
    await once(socket, 'data');
  } finally {
    socket.destroy();
  }
}

export async function sql(to: Replica, text: string): Promise<void> {
  const client = new pg.Client({
    host: to.address,
    user: 'postgres',
    database: 'postgres',
    connectionTimeoutMillis: PATIENCE,
    query_timeout: PATIENCE,
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end().catch(() => undefined);
  }
}

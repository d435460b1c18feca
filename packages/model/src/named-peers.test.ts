import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { namedPeers } from './named-peers.ts';

describe('peers that are named', () => {
  it.each<[string, string, string[]]>([
    ['DATABASE_URL', 'postgres://shop:s3cret@db.shop.svc/orders?sslmode=require', ['db.shop.svc:5432']],
    ['MONGO', 'mongodb://u:p@a.example:27018,b.example:27019/x', ['a.example:27018', 'b.example:27019']],
    ['PAYMENTS', 'https://pay.example/v1', ['pay.example:443']],
    ['CACHE', 'redis:6379', ['redis:6379']],
    ['DB_HOST', 'postgres', ['postgres']],
    ['KAFKA_BROKERS', 'k1,k2', ['k1', 'k2']],
    ['UPSTREAM', 'cart.shop.svc.cluster.local', ['cart.shop.svc.cluster.local']],
    ['LISTEN', '0.0.0.0:8080', []],
    ['BIND', ':8080', []],
    ['IMAGE', 'nginx:1', []],
    ['AT', '12:30:00', []],
    ['DB_HOST', '/var/run/postgresql', []],
    ['MODE', 'production', []],
  ])('%s=%s', (name, value, peers) => {
    expect(namedPeers([{ name, value }])).toEqual(peers);
  });

  it('take the port of a host from the variable beside it', () => {
    const environment = [
      { name: 'DB_HOST', value: 'db' },
      { name: 'DB_PORT', value: '5433' },
    ];
    expect(namedPeers(environment)).toEqual(['db:5433']);
  });

  it('are found in arguments', () => {
    expect(namedPeers([], ['--upstream=http://cart:8080/', '--listen=:9090', 'db.example:5432'])).toEqual([
      'cart:8080',
      'db.example:5432',
    ]);
  });

  it('never hold what stands before the host, which may be a password', () => {
    const word = fc.stringMatching(/^[A-Za-z0-9]{1,20}$/);
    fc.assert(
      fc.property(word, word, (user, password) => {
        const value = `amqp://${user}:${password}@queue.example`;
        expect(namedPeers([{ name: 'QUEUE', value }])).toEqual(['queue.example:5672']);
      }),
    );
  });

  it('are bounded for whatever text', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 2_000 }), (value) => {
        expect(namedPeers([{ name: 'X_HOST', value }], [value]).length).toBeLessThanOrEqual(256);
      }),
    );
  });
});

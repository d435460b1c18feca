import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { knownOfEstate, openIncidents } from '@breakwater/app/incidents';
import { openIngest } from '@breakwater/app/ingest';
import { openLearner } from '@breakwater/app/profiles';
import { ReleaseFacts, type RuntimeEvent } from '@breakwater/model';
import { openStore } from '@breakwater/store';

/** The workload of the example estate that runs, and what its second release is made of. */
const CART = 'shop/Deployment/cart';
const OLD = { image: 'registry.example/shop/cart:2.9.0', imageDigest: `sha256:${'1'.repeat(64)}` };
const NEW = { image: 'registry.example/shop/cart:2.9.1', imageDigest: `sha256:${'2'.repeat(64)}` };
const MINUTES = 600;
const RELEASE = 400;
const ATTACK = 540;

/**
 * Ten hours of a workload in the state folder of a server, as a sensor would have told them: two replicas, a release in
 * between that brings a peer which its manifest names, and a shell with a connection out that nothing explains. Goes
 * through what takes events, learns, and tells incidents; nothing is written by hand.
 */
export async function seedBehaviour(state: string): Promise<void> {
  const store = await openStore({ path: join(state, 'store.sqlite') });
  const report = (line: string) => console.error(line);
  const telling = openIncidents({
    incidents: store.incidents,
    now: Date.now,
    knownOf: knownOfEstate(store, () => undefined),
    subjectsAt: () => [],
    report,
  });
  const learner = openLearner({
    store: store.behaviour,
    now: Date.now,
    report,
    onDeviations: (found) => store.incidents.addSigns(found.map((one) => ({ kind: 'deviation' as const, ...one }))),
  });
  const ingest = openIngest(store.ingest, Date.now, report);
  try {
    await store.behaviour.writeFacts(
      [factsOf('cart-old', OLD, []), factsOf('cart-new', NEW, ['mail.example:587'])],
      at(0),
    );
    for (let from = 0; from < MINUTES; from += 100) {
      const events = Array.from({ length: 100 }, (_, index) => eventsOf(from + index)).flat();
      await ingest.take({
        key: '',
        sender: 'seed',
        sensor: '',
        text: events.map((one) => JSON.stringify(one)).join('\n'),
      });
    }
    await store.incidents.addSigns([
      { kind: 'alert', subject: CART, container: 'cart', event: alertOf() },
      { kind: 'prevention', subject: CART, container: 'cart', event: refusalOf() },
    ]);
    // A word has what was learned kept at once, whichever process learns.
    await store.behaviour.say({ kind: 'letGo', incident: 'none' });
    for (let tries = 0; tries < 150 && (await store.behaviour.profiles()).length === 0; tries++) {
      await learner.turn();
      await wait(100);
    }
    await telling.turn();
  } finally {
    await ingest.close();
    await learner.close();
    await telling.close();
    await store.close();
  }
}

const START = Date.now() - (MINUTES + 30) * 60_000;
const at = (minute: number): string => new Date(START + minute * 60_000).toISOString();

const factsOf = (id: string, image: typeof OLD, peers: string[]) => ({
  subject: CART,
  container: 'cart',
  images: [image.image, image.imageDigest],
  facts: ReleaseFacts.parse({
    id,
    ...image,
    components: { 'log4j-core': '2.14.1', spring: id === 'cart-old' ? '5.3.18' : '5.3.20' },
    ports: ['8080/TCP'],
    peers: ['postgres.data.svc:5432', ...peers],
  }),
});

function event(minute: number, replica: number, more: Partial<RuntimeEvent>): RuntimeEvent {
  const isNew = minute >= RELEASE;
  return {
    source: 'sensor',
    node: `node-${replica}`,
    time: at(minute),
    type: 'exec',
    pod: { namespace: 'shop', name: `cart-${isNew ? '7c9d5d4f8b' : '5d4f8b7c9d'}-x2lk${'47'[replica]}`, labels: {} },
    container: { id: `${isNew ? 'b' : 'a'}${replica}`.repeat(32), name: 'cart', ...(isNew ? NEW : OLD) },
    process: {
      path: '/usr/bin/java',
      arguments: '-jar /app/cart.jar',
      pid: 20,
      uid: 1000,
      executionId: `${isNew}:${replica}:java`,
    },
    ...more,
  };
}

function eventsOf(minute: number): RuntimeEvent[] {
  return [0, 1].flatMap((replica) => [
    ...(minute === 0 || minute === RELEASE ? startOf(minute, replica) : []),
    ...(minute % 7 === 3 ? [fileOf(minute, replica, '/var/log/cart/access.log', 'write')] : []),
    ...(minute % 60 === 30 ? [fileOf(minute, replica, '/etc/ssl/certs/ca-certificates.crt', 'read')] : []),
    ...(minute > RELEASE && minute % 20 === 5 ? [peerOf(minute, replica, 'mail.example', 587)] : []),
    ...(minute === ATTACK && replica === 0 ? [shellOf(), tokenOf(), refusalOf()] : []),
    event(minute, replica, {
      type: 'resource',
      since: at(minute - 1),
      usage: { cpu: 3 + (minute % 11), memory: 4e8 + (minute % 23) * 4e6, tasks: 40 + (minute % 3) },
    }),
  ]);
}

const startOf = (minute: number, replica: number): RuntimeEvent[] => [
  event(minute, replica, {
    process: { path: '/usr/bin/java', arguments: '-jar /app/cart.jar', pid: 20, uid: 1000, inImage: true },
  }),
  fileOf(minute, replica, '/app/application.yaml', 'read'),
  event(minute, replica, { type: 'listen', local: { address: '0.0.0.0', port: 8080 } }),
  peerOf(minute, replica, 'postgres.data.svc', 5432),
];

const fileOf = (minute: number, replica: number, path: string, access: 'read' | 'write') =>
  event(minute, replica, { type: 'open', file: { path, access } });

const peerOf = (minute: number, replica: number, name: string, port: number) =>
  event(minute, replica, { type: 'connect', peer: { address: '10.0.0.5', port, protocol: 'TCP', name } });

const JAVA = { path: '/usr/bin/java', arguments: '-jar /app/cart.jar', pid: 20, uid: 1000, executionId: 'true:0:java' };
const SHELL = {
  path: '/bin/sh',
  arguments: '-c "id; cat /run/secrets/*"',
  pid: 77,
  uid: 1000,
  inImage: true,
  executionId: 'true:0:sh',
};

const shellOf = () => event(ATTACK, 0, { process: SHELL, parent: JAVA });
const tokenOf = () =>
  event(ATTACK, 0, {
    type: 'open',
    process: SHELL,
    parent: JAVA,
    file: { path: '/var/run/secrets/kubernetes.io/serviceaccount/token', access: 'read' },
  });
const refusalOf = () =>
  event(ATTACK, 0, {
    type: 'connect',
    process: SHELL,
    parent: JAVA,
    peer: { address: '203.0.113.9', port: 4444, protocol: 'TCP' },
    prevention: 'stopped',
  });
const alertOf = () =>
  event(ATTACK, 0, {
    type: 'alert',
    process: SHELL,
    parent: JAVA,
    alert: {
      rule: 'web-server-starts-shell',
      priority: 'Critical',
      message: 'java started a shell.',
      tags: ['T1059.004'],
      about: 'exec',
    },
  });

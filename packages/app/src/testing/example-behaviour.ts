import {
  type Behaviour,
  DIMENSIONS,
  type Incident,
  type KnownBehaviour,
  type LearnedProfile,
  ReleaseFacts,
} from '@breakwater/model';

const START = Date.parse('2026-01-01T00:00:00Z');
const HOUR = 3_600_000;

/** Hours after the first of the year. */
const at = (hours: number): string => new Date(START + hours * HOUR).toISOString();

const OLD = ReleaseFacts.parse({
  id: 'cart-1',
  image: 'registry.example/shop/cart:1.4.0',
  imageDigest: `sha256:${'1'.repeat(64)}`,
  filesKnown: true,
  components: { nginx: '1.26.2' },
  ports: ['8080/TCP'],
});
const NEW = ReleaseFacts.parse({
  ...OLD,
  id: 'cart-2',
  image: 'registry.example/shop/cart:1.5.0',
  imageDigest: `sha256:${'2'.repeat(64)}`,
  components: { nginx: '1.28.0' },
  peers: ['mail.example:587'],
});

const NOTES: Readonly<Record<string, string>> = {
  open: 'settles after 31 more hours without anything new',
  syscall: 'nothing tells of it',
};

const behaviour = (
  dimension: Behaviour['dimension'],
  actor: string,
  object: string,
  rest: Partial<Behaviour> = {},
) => ({
  dimension,
  actor,
  object,
  parent: '',
  ...rest,
});

const MAIL = behaviour('connect', '/usr/sbin/nginx', 'mail.example:587/TCP');
const SHELL = behaviour('exec', '/usr/sbin/nginx', '/bin/sh', { inImage: true });
const TOKEN = behaviour('open', '/bin/sh', '/var/run/secrets/kubernetes.io/serviceaccount/token', { access: 'read' });

const known = (one: Behaviour, key: string, rest: Partial<KnownBehaviour> = {}): KnownBehaviour => ({
  behaviour: one,
  key,
  origin: 'learned',
  incidences: 4120,
  replicas: 3,
  days: 6,
  releases: ['cart-1', 'cart-2'],
  first: at(0),
  last: at(150),
  ...rest,
});

/** A profile with two releases, one behaviour that a release explains, and two that wait for a decision. */
export function exampleProfile(subject = 'shop/Deployment/cart', container = 'cart'): LearnedProfile {
  const release = { minutes: 4300, replicas: 3 };
  return {
    version: 1,
    subject,
    container,
    from: at(0),
    until: at(150),
    budget: { alerts: 1, hours: 720 },
    dimensions: DIMENSIONS.map((dimension) => ({
      dimension,
      isSeen: dimension !== 'syscall',
      minutes: dimension === 'syscall' ? 0 : 8600,
      partialMinutes: dimension === 'syscall' ? 0 : 12,
      behaviours: dimension === 'connect' ? 3 : 2,
      once: dimension === 'open' ? 1 : 0,
      expected: dimension === 'open' ? 5 : 0.1,
      atMost: dimension === 'open' ? 21 : 0.8,
      isSettled: dimension !== 'open' && dimension !== 'syscall',
      note: NOTES[dimension] ?? 'settled',
    })),
    behaviours: [
      known(behaviour('exec', '', '/usr/sbin/nginx', { inImage: true }), 'k1', { origin: 'declared' }),
      known(behaviour('open', '/usr/sbin/nginx', '/etc/nginx/nginx.conf', { access: 'read' }), 'k2'),
      known(behaviour('open', '/usr/sbin/nginx', '/var/log/nginx/*', { access: 'write' }), 'k3'),
      known(behaviour('connect', '/usr/sbin/nginx', 'db.shop.svc:5432/TCP'), 'k4', { releases: ['cart-1'] }),
      known(MAIL, 'k5', {
        origin: 'explained',
        releases: ['cart-2'],
        first: at(80),
        reason: 'environment SMTP_HOST of release cart-2 names it',
      }),
      known(behaviour('listen', '/usr/sbin/nginx', '8080/TCP'), 'k6', { origin: 'declared' }),
    ],
    pending: [
      {
        behaviour: SHELL,
        key: 'k7',
        held: 'incident',
        reason: 'it belongs to an open incident',
        incident: 'I1',
        incidences: 1,
        replicas: 1,
        days: 1,
        releases: ['cart-2'],
        first: at(149),
        last: at(149),
      },
      {
        behaviour: behaviour('open', '/usr/sbin/nginx', '/srv/templates/*', { access: 'read' }),
        key: 'k8',
        held: 'witnesses',
        reason: 'one replica did it on one day: two replicas or three days are needed',
        incidences: 3,
        replicas: 1,
        days: 1,
        releases: ['cart-2'],
        first: at(148),
        last: at(149),
      },
    ],
    releases: [
      { ...release, facts: OLD, since: at(0), last: at(75), explained: [], unexplained: [] },
      {
        ...release,
        facts: NEW,
        since: at(76),
        last: at(150),
        difference: {
          from: 'cart-1',
          to: 'cart-2',
          changes: [
            { kind: 'component', change: 'altered', name: 'nginx', before: '1.26.2', after: '1.28.0' },
            { kind: 'peer', change: 'added', name: 'mail.example:587' },
          ],
          incomplete: [],
        },
        explained: [{ key: 'k5', behaviour: MAIL, by: 'environment SMTP_HOST names mail.example:587' }],
        unexplained: [{ key: 'k7', behaviour: SHELL }],
      },
    ],
    resources: [
      { resource: 'cpu', samples: 8600, median: 0.05, p95: 0.4, p99: 0.7, highest: 1.2 },
      { resource: 'memory', samples: 8600, median: 8e7, p95: 1.2e8, p99: 1.4e8, highest: 1.9e8 },
    ],
    dropped: 0,
    growth: [0, 1, 6, 24, 80, 150].map((hours, index) => ({ time: at(hours), behaviours: index + 1 })),
  };
}

/** An incident that is open: a shell that the web server started reads the token of its pod; one thing was stopped. */
export function exampleIncident(id = 'I1', subject = 'shop/Deployment/cart'): Incident {
  const own = { subject, container: 'cart', pod: 'shop/cart-7d9f-x2x4k' };
  return {
    id,
    title: 'A shell that nginx started read the service account token in shop/Deployment/cart',
    subjects: [subject],
    severity: 'critical',
    initialSeverity: 'high',
    facts: [
      {
        kind: 'exposure',
        sentence: 'shop/cart is reachable from the Internet through ingress shop.',
        effect: 'raises',
      },
      { kind: 'prevention', sentence: 'The connection out was stopped before its effect.', effect: 'lowers' },
    ],
    status: 'open',
    first: at(149),
    last: at(149.02),
    processes: [
      { id: 'p1', ...own, path: '/usr/sbin/nginx', arguments: '-g daemon off;', pid: 41, uid: 101, inImage: true },
      { id: 'p2', ...own, parent: 'p1', path: '/bin/sh', arguments: '-c id', pid: 77, uid: 101, inImage: true },
    ],
    entries: [
      {
        time: at(149),
        kind: 'deviation',
        sentence: '`nginx` started `/bin/sh`, which it never did in 149 hours.',
        process: 'p2',
        subject,
        behaviour: SHELL,
        key: 'k7',
        surprise: 14.2,
        techniques: ['T1059.004'],
        count: 1,
      },
      {
        time: at(149.01),
        kind: 'alert',
        sentence: '`/bin/sh` read the service account token.',
        process: 'p2',
        subject,
        policy: 'no-token-read-by-shell',
        behaviour: TOKEN,
        key: 'k9',
        techniques: ['T1552.001'],
        count: 2,
      },
      {
        time: at(149.02),
        kind: 'prevention',
        sentence: 'A connection of `/bin/sh` to 203.0.113.9:4444 was stopped.',
        process: 'p2',
        subject,
        techniques: ['T1071'],
        prevention: 'stopped',
        count: 1,
      },
    ],
    techniques: ['T1059.004', 'T1071', 'T1552.001'],
    confidence: 'Sure of what happened: every event was seen, and none was lost around it.',
    advice: ['Cut the pod off, and keep it for a look.', 'Upgrade nginx to 1.28.1.'],
    unknowns: ['Whether the token was used elsewhere: no audit log of the API server comes in.'],
    feedback: [],
    more: 0,
  };
}

import type { AuditEvent } from '@breakwater/model';

/** What one identity asked for, told once for all requests that are alike. */
export interface AskedFor {
  verb: string;
  /** Empty for the core group, and for paths. */
  group: string;
  /** Empty for paths. */
  resource: string;
  namespace: string;
  name: string;
  /** Empty for resources. */
  path: string;
  count: number;
  /** ISO 8601. */
  last: string;
}

/** The requests of one identity. */
export interface Usage {
  requests: number;
  refused: number;
  first: string;
  last: string;
  /** Requests that were allowed, by what they ask for. */
  asked: Map<string, AskedFor>;
}

/** Requests of one identity that are told apart; those beyond them are told without their names. */
const MOST_ASKED = 5_000;

/** People and accounts that nobody binds, told by name. */
const MOST_STRANGERS = 50;

/** Hours that are told apart: those of twenty years. */
const MOST_HOURS = 175_200;

/** Keys of identities as an audit log names them. */
export const userKey = (name: string): string => `user ${name}`;
export const groupKey = (name: string): string => `group ${name}`;

/**
 * Collects who asked for what. Only identities that something binds are followed, so that memory grows with the estate
 * and not with the log; of the others the number of requests is kept, for the first few names.
 */
export class UsageCollector {
  readonly usages = new Map<string, Usage>();
  readonly strangers = new Map<string, number>();
  from = '';
  to = '';
  requests = 0;
  reads = false;
  /** Whether groups of everybody who asked are in the log. */
  groups = true;
  readonly #followed: ReadonlySet<string>;
  /** Hours in which anything was asked, counted from 1970. */
  readonly #hours = new Set<number>();

  /** `followed` holds a `userKey` or `groupKey` of each identity. */
  constructor(followed: ReadonlySet<string>) {
    this.#followed = followed;
  }

  add(event: AuditEvent): void {
    this.#time(event.time);
    this.requests += 1;
    if (event.verb === 'get' || event.verb === 'list' || event.verb === 'watch') this.reads = true;
    if (event.groupsUnknown === true) this.groups = false;
    if (!this.#note(event)) this.#stranger(event.user);
    const { impersonator } = event;
    if (impersonator !== undefined)
      for (const acting of impersonations(event)) this.#note({ ...acting, ...impersonator });
  }

  /** Days in which anything was asked. */
  get days(): number {
    return new Set([...this.#hours].map((hour) => Math.floor(hour / 24))).size;
  }

  /** Longest time without a request between the first and the last, in hours; files come in any order. */
  get longestGap(): number {
    const hours = [...this.#hours].sort((left, right) => left - right);
    return hours.reduce((longest, hour, index) => Math.max(longest, hour - (hours[index - 1] ?? hour) - 1), 0);
  }

  #time(time: string): void {
    if (this.from === '' || time < this.from) this.from = time;
    if (time > this.to) this.to = time;
    if (this.#hours.size < MOST_HOURS) this.#hours.add(Math.floor(Date.parse(time) / 3_600_000));
  }

  /** Notes a request of its user and of every group that is followed; whether anybody of them is. */
  #note(event: AuditEvent): boolean {
    const keys = [userKey(event.user), ...event.groups.map(groupKey)].filter((key) => this.#followed.has(key));
    for (const key of new Set(keys)) this.#ask(key, event);
    return keys.length > 0;
  }

  #ask(key: string, { time, allowed, verb, resource, path = '' }: AuditEvent): void {
    const usage = this.usages.get(key) ?? { requests: 0, refused: 0, first: time, last: time, asked: new Map() };
    this.usages.set(key, usage);
    usage.requests += 1;
    if (time < usage.first) usage.first = time;
    if (time > usage.last) usage.last = time;
    if (!allowed) usage.refused += 1;
    else
      count(usage.asked, {
        verb,
        path,
        group: '',
        resource: '',
        namespace: '',
        name: '',
        ...resource,
        count: 1,
        last: time,
      });
  }

  #stranger(user: string): void {
    if (this.strangers.has(user) || this.strangers.size < MOST_STRANGERS)
      this.strangers.set(user, (this.strangers.get(user) ?? 0) + 1);
  }
}

function count(all: Map<string, AskedFor>, asked: AskedFor): void {
  const { verb, group, resource, namespace, path } = asked;
  const name = all.size < MOST_ASKED ? asked.name : '';
  const key = [verb, group, resource, namespace, name, path].join('\n');
  const known = all.get(key);
  if (known === undefined) {
    if (all.size < 2 * MOST_ASKED) all.set(key, { ...asked, name });
    return;
  }
  known.count += 1;
  if (asked.last > known.last) known.last = asked.last;
}

/** What somebody needs who acts as somebody else: `impersonate` on the user or account, and on each group beside. */
function impersonations({ time, user, groups, allowed }: AuditEvent): Omit<AuditEvent, 'user' | 'groups'>[] {
  const [, namespace = '', name] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user) ?? [];
  const ask = (resource: string, of: string, inside = ''): Omit<AuditEvent, 'user' | 'groups'> => ({
    time,
    verb: 'impersonate',
    allowed,
    resource: { group: '', resource, namespace: inside, name: of },
  });
  if (name !== undefined) return [ask('serviceaccounts', name, namespace)];
  const stated = groups.filter((group) => group !== 'system:authenticated' && group !== 'system:unauthenticated');
  return [ask('users', user), ...stated.map((group) => ask('groups', group))];
}

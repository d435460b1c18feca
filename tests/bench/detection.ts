import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type CompiledPolicy, loadPolicies } from '@breakwater/engine/policy';
import { Detector } from '@breakwater/engine/policy/events';
import type { Json, PolicyDocument, RuntimeEvent } from '@breakwater/model';
import { readEventBatches } from '@breakwater/sources/events';
import { builtInPoliciesWithCases } from '@breakwater/sources/policies';
import type { BenchResult } from './result.ts';

const RUNTIME = join(import.meta.dirname, '../../../shared/runtime');
const EVENTS = 40_000;
const ROUNDS = 2;

/**
 * Events per CPU second that all policies on events judge: everyday ones and attacks that were recorded in containers, and
 * what other sources recorded; and how that grows with the number of policies.
 */
export async function run(): Promise<BenchResult> {
  const documents = builtInPoliciesWithCases().policies.filter(({ policy }) => policy.spec.match.events !== undefined);
  const policies = compiled(documents);
  const everyday = recorded(documents, 'pass');
  const attacks = recorded(documents, 'fail');
  const others = await recordedByOthers();
  const unit = 'events/CPU s';
  const budget = '> 500,000';
  return {
    name: 'detection',
    inputs: [
      `${policies.length} policies on events`,
      `${everyday.length} events near to attacks, ${attacks.length} of attacks, ${others.length} of other sources, repeated to ${EVENTS}`,
    ],
    rows: [
      { what: 'a web server at work', value: best(policies, usual()), unit, budget },
      { what: 'events that nearly are what policies ask for', value: best(policies, everyday), unit },
      { what: 'attacks', value: best(policies, attacks), unit },
      ...(others.length > 0
        ? [{ what: 'Tetragon, Falco, Tracee, KubeArmor', value: best(policies, others), unit }]
        : []),
      ...[...Map.groupBy(usual(), ({ type }) => type)].map(([type, events]) => ({
        what: `one ${type} of a web server at work`,
        value: Math.round(1e9 / best(policies, events)),
        unit: 'ns CPU',
      })),
      ...[...Map.groupBy(everyday, ({ type }) => type)]
        .toSorted(([a], [b]) => a.localeCompare(b))
        .map(([type, events]) => ({
          what: `one ${type} that nearly is what policies ask for`,
          value: Math.round(1e9 / best(policies, events)),
          unit: 'ns CPU',
        })),
      ...[4, 16].map((times) => ({
        what: `a web server at work, ${times}x the policies`,
        value: best(compiled(multiplied(documents, times)), usual()),
        unit,
      })),
    ],
  };
}

const compiled = (documents: readonly PolicyDocument[]): CompiledPolicy[] =>
  loadPolicies(documents.map(({ policy, place }) => ({ policy, place }))).policies;

const recorded = (documents: readonly PolicyDocument[], verdict: 'pass' | 'fail'): RuntimeEvent[] =>
  documents.flatMap(({ policy }) =>
    policy.spec.cases
      .filter((example) => example.verdict === verdict)
      .flatMap(({ given }) => (given['events'] ?? []) as unknown as RuntimeEvent[]),
  );

async function recordedByOthers(): Promise<RuntimeEvent[]> {
  if (!existsSync(RUNTIME)) return [];
  const events: RuntimeEvent[] = [];
  const files = readdirSync(RUNTIME, { recursive: true, encoding: 'utf8' });
  for (const file of files.filter((name) => /^(tetragon|falco|tracee|kubearmor)\/.*\.json$/.test(name)))
    for await (const batch of readEventBatches(join(RUNTIME, file)))
      for (const { event } of batch) if (event !== undefined) events.push(event);
  return events;
}

/** What a web server and its workers do all day: libraries, pages, logs, answers and requests to others. */
function usual(): RuntimeEvent[] {
  const base = { source: 'sensor', time: '2026-11-22T15:30:00.000Z', container: { id: 'c1', name: 'web' } } as const;
  const server = {
    path: '/usr/sbin/nginx',
    arguments: '-g daemon off;',
    pid: 7,
    uid: 101,
    executionId: '7:1',
    inImage: true,
  };
  const worker = {
    path: '/usr/bin/node',
    arguments: '/app/server.js',
    pid: 9,
    uid: 1000,
    executionId: '9:1',
    inImage: true,
  };
  const opens = Array.from({ length: 40 }, (_, index): RuntimeEvent => {
    const path = [`/usr/lib/libshop.so.${index}`, `/srv/www/page-${index}.html`, `/app/node_modules/shop/${index}.js`][
      index % 3
    ];
    return {
      ...base,
      type: 'open',
      process: index % 2 ? worker : server,
      file: { path: path ?? '', access: 'read', inImage: true },
    };
  });
  const connects = Array.from({ length: 20 }, (_, index): RuntimeEvent => {
    const peer = { address: `10.0.0.${index}`, port: 5432, protocol: 'TCP', name: 'db.shop.svc.cluster.local' };
    return { ...base, type: 'connect', process: worker, peer };
  });
  const writes = ['/tmp/cache/1', '/var/log/nginx/shop.log', '/dev/null', '/run/nginx.pid'].map(
    (path): RuntimeEvent => ({
      ...base,
      type: 'open',
      process: server,
      file: { path, access: 'write', inImage: false },
    }),
  );
  const starts = ['/usr/bin/convert', '/usr/bin/gs', '/usr/bin/git'].map(
    (path, index): RuntimeEvent => ({
      ...base,
      type: 'exec',
      process: {
        path,
        arguments: 'in.png out.png',
        pid: 20 + index,
        uid: 1000,
        executionId: `${20 + index}:1`,
        inImage: true,
      },
      parent: worker,
    }),
  );
  return [...opens, ...connects, ...writes, ...starts];
}

/** Other policies of the same make: they ask for other names, as a bigger rule set would. */
function multiplied(documents: readonly PolicyDocument[], times: number): PolicyDocument[] {
  return Array.from({ length: times }, (_, copy) =>
    documents.map(({ policy, place }): PolicyDocument => {
      if (copy === 0) return { policy, place };
      const { params = {} } = policy.spec;
      const others = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, renamed(value, copy)]));
      const name = `${policy.metadata.name}-${copy}`;
      return { place, policy: { ...policy, metadata: { name }, spec: { ...policy.spec, params: others } } };
    }),
  ).flat();
}

const renamed = (value: Json, copy: number): Json =>
  Array.isArray(value) ? value.map((one) => (typeof one === 'string' ? `${one}-${copy}` : one)) : value;

function best(policies: readonly CompiledPolicy[], events: readonly RuntimeEvent[]): number {
  const rates = Array.from({ length: ROUNDS }, () => measure(policies, events));
  return Math.round(Math.max(...rates));
}

function measure(policies: readonly CompiledPolicy[], events: readonly RuntimeEvent[]): number {
  const detector = new Detector(policies);
  for (const event of events) detector.judge(event);
  const before = process.cpuUsage();
  for (let count = 0; count < EVENTS; count++) detector.judge(events[count % events.length] as RuntimeEvent);
  const { user, system } = process.cpuUsage(before);
  return (EVENTS * 1e6) / (user + system);
}

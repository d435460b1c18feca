import type { EventProcess, Exception, Policy, Rule, RuntimeEvent } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { testPolicy, untestedRules } from '../cases/index.ts';
import { loadPolicies } from '../load-policies.ts';
import { policy } from '../testing/sample-policies.ts';
import { alertOf, Detector, type EventSurroundings, RepeatLimiter } from './index.ts';

const onEvents = (name: string, events: string[], expr: string, changes: Partial<Policy['spec']> = {}): Policy => {
  const rule: Rule = { expr, message: "process.name + ': ' + event.file.path" };
  return policy(name, [rule], { phases: ['run'], match: { events }, enforcement: { run: 'warn' }, ...changes });
};

const TIME = '2026-11-22T12:00:00.000Z';
const shell: EventProcess = { path: '/bin/busybox', arguments: '', applet: 'sh', pid: 7, executionId: '7:1' };
const event = (type: RuntimeEvent['type'], rest: Partial<RuntimeEvent> = {}): RuntimeEvent => ({
  source: 'sensor',
  time: TIME,
  type,
  container: { id: 'c1', name: 'web', image: 'registry.example/web:1' },
  process: shell,
  ...rest,
});
const reads = (path: string): RuntimeEvent => event('open', { file: { path, access: 'read' } });

function detector(policies: Policy[], exceptions: Exception[] = [], given?: () => EventSurroundings): Detector {
  const loaded = loadPolicies(policies.map((document) => ({ policy: document, place: { source: 'p.yaml' } })));
  expect(loaded.unknowns).toEqual([]);
  return new Detector(loaded.policies, exceptions, given);
}

const said = (found: ReturnType<Detector['judge']>): string[] =>
  found.map(({ result: { policy: name, verdict, message } }) => `${name} ${verdict} ${message}`);

const exception = (scope: Exception['spec']['scope']): Exception => ({
  apiVersion: 'breakwater/v1',
  kind: 'Exception',
  metadata: { name: 'allowed' },
  spec: { policies: ['keys'], scope, owner: 'a', reason: 'b', expires: '2026-12-31', compensating: 'none' },
});

const keys = onEvents('keys', ['open'], "event.file.path.startsWith('/keys/')");

describe('policies on events', () => {
  it('judge the kinds of events that they name, and what many programs in one file was called', () => {
    const judge = detector([keys, onEvents('shells', ['open'], "process.name in ['sh', 'bash']")]);
    expect(said(judge.judge(reads('/keys/a')))).toEqual(['keys fail sh: /keys/a', 'shells fail sh: /keys/a']);
    expect(said(judge.judge(event('change', { file: { path: '/keys/a' } })))).toEqual([]);
  });

  it('know ancestors from executions seen before, and what ran in the same process', () => {
    const judge = detector([onEvents('under', ['open'], "process.ancestors.exists(a, a.name == 'nginx')")]);
    const nginx: EventProcess = { path: '/usr/sbin/nginx', arguments: '', pid: 1, executionId: '1:1' };
    const first: EventProcess = { path: '/bin/bash', arguments: '', pid: 7, executionId: '7:1' };
    expect(said(judge.judge(reads('/a')))).toEqual([]);
    judge.judge(event('exec', { process: nginx }));
    judge.judge(event('exec', { process: first, parent: nginx }));
    judge.judge(event('exec', { process: shell, parent: nginx }));
    const [found] = judge.judge(reads('/a'));
    expect(found?.ancestors.map(({ path }) => path)).toEqual(['/bin/bash', '/usr/sbin/nginx']);
  });

  it('are undecided where a source does not tell what they ask for, and say so', () => {
    const judge = detector([onEvents('added', ['exec'], 'process.inImage == false')]);
    expect(said(judge.judge(event('exec')))).toEqual(['added unknown not known: process.inImage']);
    expect(said(judge.judge(event('exec', { process: { ...shell, inImage: true } })))).toEqual([]);
    expect(said(judge.judge(event('exec', { process: { ...shell, inImage: false } })))).toEqual(['added fail sh: ']);
  });

  it('use what build and deploy know', () => {
    const owners = onEvents('owner', ['open'], "process.component == 'busybox' && exposure.size() > 0");
    const way = { through: 'ingress', phrase: 'through ingress web' } as never;
    const judge = detector([owners], [], () => ({ ownersOf: () => ['busybox'], exposure: [way] }));
    expect(said(judge.judge(reads('/a')))).toHaveLength(1);
  });

  it.each([
    [{ paths: ['/keys/*'] }, true],
    [{ paths: ['/keys/b'] }, false],
    [{ processes: ['/bin/busybox'] }, true],
    [{ processes: ['/bin/bash'] }, false],
    [{ images: ['registry.example/*'] }, true],
    [{ images: ['other/*'] }, false],
    [{ workloads: ['web'], paths: ['/keys/a'] }, true],
    [{ peers: ['*'] }, false],
  ])('are covered by exceptions for just that: %j', (scope, covered) => {
    const [found] = detector([keys], [exception(scope)]).judge(reads('/keys/a'));
    expect(found?.result.exception).toBe(covered ? 'allowed' : undefined);
  });

  it('take an exception for no longer than it lasts, by the time of the event', () => {
    const late = { ...reads('/keys/a'), time: '2027-01-01T00:00:00Z' };
    expect(detector([keys], [exception({ paths: ['/keys/*'] })]).judge(late)[0]?.result.exception).toBeUndefined();
  });

  it('are found by variables and parameters too', () => {
    const judge = detector([
      onEvents('named', ['open'], 'variables.found && process.pid > 0', {
        params: { names: ['a', 'b'] },
        variables: [{ name: 'found', expression: 'params.names.exists(n, event.file.name == n)' }],
      }),
    ]);
    expect(said(judge.judge(reads('/x/b')))).toEqual(['named fail sh: /x/b']);
    expect(said(judge.judge(reads('/x/c')))).toEqual([]);
  });

  it('are tested by cases that are events, and a case that holds none is a fault', () => {
    const of = (events: unknown): Policy => ({
      ...keys,
      spec: { ...keys.spec, cases: [{ name: 'case', given: { events: events as never }, verdict: 'fail' }] },
    });
    const results = (events: unknown) =>
      loadPolicies([{ policy: of(events), place: { source: 'p' } }]).policies.flatMap(testPolicy)[0];
    expect(results([reads('/keys/a')])?.passed).toBe(true);
    expect(results([reads('/other')])).toMatchObject({ passed: false, actual: 'pass' });
    expect(results([{ type: 'open' }])).toMatchObject({ passed: false, message: expect.stringContaining('events.0') });
    const [compiled] = loadPolicies([{ policy: of([reads('/keys/a')]), place: { source: 'p' } }]).policies;
    expect(untestedRules(compiled!)).toMatchObject([{ lacks: ['pass'] }]);
  });
});

describe('alerts', () => {
  it('carry the event, the policy and the processes above', () => {
    const [found] = detector([keys]).judge({ ...reads('/keys/a'), parent: { path: '/init', arguments: '', pid: 1 } });
    expect(alertOf(found!)).toMatchObject({
      type: 'alert',
      file: { path: '/keys/a' },
      alert: { rule: 'keys', priority: 'Error', about: 'open', enforcement: 'warn', ancestors: [{ path: '/init' }] },
    });
  });

  it('are of each program of a file that is many: one hides not what another does', () => {
    const [judge, limiter] = [detector([keys]), new RepeatLimiter()];
    const told = ['cat', 'head', 'cat'].map((applet) => {
      const process = { path: '/bin/busybox', arguments: '', applet };
      return judge.judge({ ...reads('/keys/a'), process }).flatMap((found) => limiter.take(found)).length;
    });
    expect(told).toEqual([1, 1, 0]);
  });

  it('tell the same once a minute, lose none, and bound what a policy tells of a container', () => {
    const judge = detector([keys]);
    const limiter = new RepeatLimiter();
    const at = (seconds: number, path: string) => {
      const time = new Date(Date.parse(TIME) + seconds * 1000).toISOString();
      return judge.judge({ ...reads(path), time }).flatMap((found) => limiter.take(found));
    };
    let told = 0;
    for (let second = 0; second < 50; second++) told += at(second, '/keys/1').length;
    expect(told).toBe(1);
    expect(at(61, '/keys/2')).toMatchObject([{ count: 50 }]);
    let counted = 51;
    for (let index = 0; index < 200; index++) {
      const alerts = at(62, `/keys/${'x'.repeat(index)}`);
      for (const { count } of alerts) counted += count;
      if (index > 30) expect(alerts).toEqual([]);
    }
    for (const { count } of limiter.rest()) counted += count;
    expect(counted).toBe(251);
  });
});

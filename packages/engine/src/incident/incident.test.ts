import type { BehaviourJudgement, EventProcess, IncidentFact, RuntimeEvent } from '@breakwater/model';
import { Incident } from '@breakwater/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  IncidentBuilder,
  type IncidentSign,
  type IncidentState,
  type KnownOfSign,
  type SubjectsAt,
  tacticsOf,
  tellIncident,
} from './index.ts';

const START = Date.parse('2026-11-22T03:00:00.000Z');
const MINUTE = 60_000;
const at = (minutes: number): string => new Date(START + minutes * MINUTE).toISOString();
const program = (path: string, pid: number, more: Partial<EventProcess> = {}): EventProcess => ({
  path,
  arguments: '',
  pid,
  executionId: `${pid}:1`,
  inImage: true,
  ...more,
});
const NGINX = program('/usr/sbin/nginx', 1);
const SHELL = program('/bin/sh', 7);

function event(minute: number, workload: string, more: Partial<RuntimeEvent> = {}): RuntimeEvent {
  return {
    source: 'sensor',
    node: 'n1',
    time: at(minute),
    type: 'exec',
    pod: { namespace: 'shop', name: `${workload}-0`, workloadKind: 'Deployment', workload, labels: {} },
    container: { id: `id-${workload}`, name: 'main', image: `shop/${workload}:1` },
    process: SHELL,
    parent: NGINX,
    ...more,
  };
}
const subject = (workload: string): string => `shop/Deployment/${workload}`;

function alert(minute: number, workload: string, rule: string, more: Partial<RuntimeEvent> = {}, tags: string[] = []) {
  const raised = event(minute, workload, more);
  const said = { rule, priority: 'Error', message: `${rule} was broken`, tags, about: raised.type, ancestors: [NGINX] };
  const about: RuntimeEvent = { ...raised, type: 'alert', alert: said };
  return { kind: 'alert', event: about, subject: subject(workload) } satisfies IncidentSign;
}

function deviation(minute: number, workload: string, more: Partial<RuntimeEvent> = {}, judged = {}): IncidentSign {
  const judgement: BehaviourJudgement = {
    behaviour: { dimension: 'exec', actor: NGINX.path, parent: '', object: SHELL.path },
    key: 'k1',
    verdict: 'deviation',
    surprise: 14,
    reasons: ['seen here 0 times in 41 hours of 6 replicas'],
    isSettled: true,
    isGrave: false,
    ...judged,
  };
  return { kind: 'deviation', event: event(minute, workload, more), subject: subject(workload), judgement };
}

const WORKLOADS: Readonly<Record<string, string>> = { '10.0.0.1': 'web', '10.0.0.2': 'cart', '10.0.0.3': 'db' };
const subjectsAt: SubjectsAt = ({ address }) => {
  const found = WORKLOADS[address];
  return found === undefined ? [] : [subject(found)];
};
const to = (address: string): Partial<RuntimeEvent> => ({
  type: 'connect',
  peer: { address, port: 80, protocol: 'TCP' },
});

function build(signs: readonly IncidentSign[], states: readonly IncidentState[] = []) {
  const builder = new IncidentBuilder(states, subjectsAt);
  const ids = signs.map((sign) => builder.take(sign));
  return { builder, ids, changes: builder.changes() };
}
const incidentsOf = (signs: readonly IncidentSign[]) => build(signs).changes.changed.map(tellIncident);

describe('what makes one incident', () => {
  it.each<[string, IncidentSign[], number]>([
    ['what one process tree does', [alert(0, 'web', 'a'), deviation(30, 'web')], 1],
    [
      'what happens in one container at the same time',
      [alert(0, 'web', 'a'), alert(9, 'web', 'b', { process: program('/bin/x', 90) })],
      1,
    ],
    ['not what another container does by itself', [alert(0, 'web', 'a'), alert(1, 'cart', 'b')], 2],
    [
      'not what comes hours later from the same server',
      [alert(0, 'web', 'a'), alert(300, 'web', 'b', { process: program('/bin/x', 90) })],
      2,
    ],
    ['what one shell does, also hours later', [alert(0, 'web', 'a'), alert(300, 'web', 'b')], 1],
    [
      'what happens at the end of a connection soon after it',
      [deviation(0, 'web', to('10.0.0.2')), deviation(5, 'cart')],
      1,
    ],
    ['not what happened there long before', [deviation(100, 'web', to('10.0.0.2')), deviation(5, 'cart')], 2],
    ['not what happened there long after', [deviation(0, 'web', to('10.0.0.2')), deviation(95, 'cart')], 2],
    [
      'what goes on from workload to workload',
      [deviation(0, 'web', to('10.0.0.2')), deviation(5, 'cart', to('10.0.0.3')), alert(9, 'db', 'a')],
      1,
    ],
    [
      'one deed in several replicas',
      [deviation(0, 'web'), deviation(1, 'web', { container: { id: 'id-2' }, process: program('/bin/sh', 70) })],
      1,
    ],
    [
      'a program and the one who dropped it',
      [
        alert(0, 'web', 'a', { type: 'open', file: { path: '/tmp/x', access: 'create', inImage: false } }),
        alert(200, 'web', 'b', {
          process: program('/tmp/x', 99, { inImage: false }),
          parent: program('/usr/sbin/cron', 50),
        }),
      ],
      1,
    ],
  ])('%s', (_, signs, count) => {
    expect(incidentsOf(signs)).toHaveLength(count);
    expect(incidentsOf(signs.toReversed())).toHaveLength(count);
  });

  it('joins two when something turns up that both have, and answers to both ids', () => {
    const { builder, ids } = build([deviation(0, 'web'), deviation(3, 'cart')]);
    expect(new Set(ids).size).toBe(2);
    builder.take(deviation(1, 'web', to('10.0.0.2'), { key: 'k2' }));
    const { changed, merged } = builder.changes();
    expect(merged).toEqual([{ from: ids[1], into: ids[0] }]);
    expect(changed.map(tellIncident)).toMatchObject([{ id: ids[0], subjects: [subject('web'), subject('cart')] }]);
  });

  it('says of a container in which something happened what it uses more of, and makes nothing of load alone', () => {
    const used = {
      resource: 'cpu',
      replica: 'id-web',
      value: 3,
      usual: 0.2,
      minutes: 10,
      verdict: 'deviation' as const,
    };
    const reason = 'cpu is 3 cores for 10 minutes; 99 of 100 minutes stay below 0.2';
    const sign: IncidentSign = {
      kind: 'context',
      event: event(11, 'web', { type: 'resource', usage: { cpu: 180 }, process: undefined, parent: undefined }),
      subject: subject('web'),
      use: { ...used, reason },
    };
    expect(build([sign]).ids).toEqual([undefined]);
    const told = incidentsOf([alert(1, 'web', 'miner'), sign]);
    expect(told[0]?.entries.map(({ sentence }) => sentence)).toEqual([
      expect.stringContaining('miner'),
      `The container uses more than usual: ${reason}`,
    ]);
    expect(told[0]?.severity).toBe('high');
  });

  it('takes context where it belongs, and makes nothing of it', () => {
    const context: IncidentSign = { ...deviation(1, 'web'), kind: 'context' };
    const { ids, builder } = build([context, alert(2, 'web', 'a')]);
    expect(ids[0]).toBeUndefined();
    expect(builder.take(context)).toBe(ids[1]);
  });

  it('goes on from what was stored', () => {
    const { changes } = build([alert(0, 'web', 'a')]);
    const stored = JSON.parse(JSON.stringify(changes.changed));
    const again = build([alert(20, 'web', 'b')], stored);
    expect(again.changes.changed.map(({ id, signs }) => [id, signs])).toEqual([[changes.changed[0]?.id, 2]]);
  });

  it('is open again when it goes on', () => {
    const { changes } = build([alert(0, 'web', 'a')]);
    for (const status of ['closed', 'expected', 'contained'] as const) {
      const state = { ...structuredClone(changes.changed[0] as IncidentState), status };
      expect(build([alert(20, 'web', 'b')], [state]).changes.changed[0]?.status).toBe('open');
    }
  });
});

describe('whatever comes in whatever order', () => {
  const workload = fc.constantFrom('web', 'cart', 'db');
  const sign = fc
    .record({
      minute: fc.integer({ min: 0, max: 240 }),
      workload,
      pid: fc.integer({ min: 2, max: 6 }),
      what: fc.nat(4),
    })
    .map(({ minute, workload: name, pid, what }): IncidentSign => {
      const process = program(`/bin/p${pid}`, pid);
      if (what === 0) return alert(minute, name, 'a', { process });
      if (what === 1) return alert(minute, name, 'b', { process, parent: program(`/bin/p${pid - 1}`, pid - 1) });
      if (what === 2) return deviation(minute, name, { process, ...to(`10.0.0.${pid % 4}`) }, { key: `c${pid}` });
      return deviation(minute, name, { process, container: { id: `id-${name}-${pid % 2}` } }, { key: `k${pid}` });
    });
  /** Signs by the incident that they ended up in. */
  const groups = (signs: readonly IncidentSign[], order: readonly number[]): string[] => {
    const builder = new IncidentBuilder([], subjectsAt);
    const ids = new Map(order.map((index) => [index, builder.take(signs[index] as IncidentSign) ?? '']));
    const into = new Map(builder.changes().merged.map((one) => [one.from, one.into]));
    const root = (id: string): string => (into.has(id) ? root(into.get(id) as string) : id);
    const found = Map.groupBy(signs.keys(), (index) => root(ids.get(index) ?? ''));
    return [...found.values()].map((group) => group.join(' ')).sort();
  };
  const shuffled = fc
    .array(sign, { minLength: 1, maxLength: 25 })
    .chain((signs) =>
      fc.tuple(fc.constant(signs), fc.shuffledSubarray([...signs.keys()], { minLength: signs.length })),
    );

  it('the same signs are together', () => {
    fc.assert(
      fc.property(shuffled, ([signs, order]) => {
        expect(groups(signs, order)).toEqual(groups(signs, [...signs.keys()]));
      }),
      { numRuns: 300 },
    );
  });

  it('the same story is told, but for its id', () => {
    const stories = (signs: readonly IncidentSign[]): string[] =>
      incidentsOf(signs)
        .map(({ id: _, processes: _processes, entries, ...rest }) =>
          JSON.stringify({ ...rest, entries: entries.map(({ process: _process, ...entry }) => entry) }),
        )
        .sort();
    fc.assert(
      fc.property(shuffled, ([signs, order]) => {
        expect(stories(order.map((index) => signs[index] as IncidentSign))).toEqual(stories(signs));
      }),
      { numRuns: 200 },
    );
  });

  it('nothing is lost: each alert and deviation is counted in exactly one incident', () => {
    fc.assert(
      fc.property(fc.array(sign, { maxLength: 60 }), (signs) => {
        const told = incidentsOf(signs);
        const counted = told.reduce(
          (sum, { entries, more }) => sum + more + entries.reduce((all, { count }) => all + count, 0),
          0,
        );
        expect(counted).toBe(signs.length);
        for (const incident of told) expect(Incident.parse(incident)).toEqual(incident);
      }),
      { numRuns: 200 },
    );
  });

  it('a flood is bounded, and counted', () => {
    const flood = Array.from({ length: 5_000 }, (_, index) =>
      alert(index / 100, 'web', `r${index % 700}`, { process: program(`/bin/p${index}`, 10 + index) }),
    );
    const { changed } = build(flood).changes;
    expect(changed).toHaveLength(1);
    const [state] = changed as [IncidentState];
    const incident = tellIncident(state);
    expect(incident.entries.length).toBeLessThanOrEqual(200);
    expect(incident.more + incident.entries.reduce((sum, { count }) => sum + count, 0)).toBe(5_000);
    expect(JSON.stringify(state).length).toBeLessThan(1_000_000);
  });

  it('what goes on for months is bounded too', () => {
    const months = Array.from({ length: 3_000 }, (_, index) =>
      alert(index * 120, 'web', 'r1', { process: program('/bin/x', 20), parent: program('/bin/app', 1) }),
    );
    const [state, ...others] = build(months).changes.changed;
    expect(others).toEqual([]);
    expect(state?.signs).toBe(3_000);
    expect(state?.links.length).toBeLessThan(1_000);
  });
});

describe('the story', () => {
  it('says what, where, since when it is new, how sure, and what to do', () => {
    const [incident] = incidentsOf([alert(1, 'web', 'no-shells', {}, ['T1059.004']), deviation(0, 'web')]);
    expect(incident).toMatchObject({
      title: 'no-shells was broken, and 1 more, in shop/Deployment/web',
      severity: 'high',
      techniques: ['T1059.004'],
      confidence: expect.stringMatching(/^Very sure/),
      advice: expect.arrayContaining([expect.stringContaining('breakwater respond quarantine shop/web-0')]),
    });
    expect(incident?.entries[0]?.sentence).toBe('nginx started /bin/sh, which it never did in 41 hours of 6 replicas');
    expect(incident?.processes).toMatchObject([
      { id: 'p1', path: '/usr/sbin/nginx' },
      { id: 'p2', parent: 'p1', pod: 'shop/web-0' },
    ]);
  });

  it('is graver with several steps of an attack, and less where all was stopped; and says so', () => {
    const chain = [
      ['a', 'T1059'],
      ['b', 'T1552.001'],
      ['c', 'T1041'],
    ] as const;
    const done = chain.map(([rule, tag], index) => alert(index, 'web', rule, {}, [tag]));
    const stopped = chain.map(([rule, tag], index) => alert(index, 'web', rule, { prevention: 'stopped' }, [tag]));
    expect(incidentsOf(done)).toMatchObject([{ initialSeverity: 'high', severity: 'critical' }]);
    expect(incidentsOf([done[0]!, done[1]!])).toMatchObject([{ severity: 'high' }]);
    const [prevented] = incidentsOf(stopped);
    expect(prevented).toMatchObject({
      severity: 'high',
      facts: [{ effect: 'raises' }, { kind: 'prevention', effect: 'lowers' }],
    });
    expect(prevented?.advice[0]).toContain('Nothing of it is left to end');
  });

  it('is moved by what is known of its surroundings, two steps at most', () => {
    const builder = new IncidentBuilder();
    const facts = (['exposure', 'identity', 'component'] as const).map((kind) => ({
      ...{ kind, sentence: kind, effect: 'lowers' as const },
    }));
    builder.take(alert(0, 'web', 'a'), { facts, unknowns: ['No image.'] });
    builder.take(alert(0, 'web', 'a'), { facts, unknowns: ['No image.'] });
    const [told] = builder.changes().changed.map(tellIncident);
    expect(told).toMatchObject({ initialSeverity: 'high', severity: 'low', unknowns: ['No image.'] });
    expect(told?.facts).toHaveLength(4);
  });

  it('is raised by one workload with a way in, and lowered only where none has any', () => {
    const exposed = (name: string, effect: 'raises' | 'lowers'): KnownOfSign => ({
      facts: [{ kind: 'exposure', subject: subject(name), sentence: `${name} ${effect}`, effect }],
      unknowns: [],
    });
    const severity = (web: 'raises' | 'lowers', cart?: 'raises' | 'lowers'): string | undefined => {
      const builder = new IncidentBuilder([], subjectsAt);
      builder.take(deviation(0, 'web', to('10.0.0.2')), exposed('web', web));
      builder.take(deviation(5, 'cart'), cart === undefined ? undefined : exposed('cart', cart));
      const [told] = builder.changes().changed.map(tellIncident);
      return `${told?.initialSeverity} ${told?.severity}`;
    };
    expect(severity('raises', 'lowers')).toBe('medium high');
    expect(severity('raises', 'raises')).toBe('medium high');
    expect(severity('lowers', 'lowers')).toBe('medium low');
    expect(severity('lowers')).toBe('medium medium');
  });

  it('is told by the newest assessment, of each workload', () => {
    const builder = new IncidentBuilder();
    const fact = (kind: IncidentFact['kind'], sentence: string): IncidentFact => ({
      ...{ kind, sentence, effect: 'none', subject: subject('web') },
    });
    const image = fact('image', 'It runs image 1.');
    builder.take(alert(0, 'web', 'a'), {
      facts: [fact('exposure', 'No way in.'), fact('component', 'It has a flaw.'), image],
      unknowns: [],
    });
    builder.take(alert(1, 'web', 'a'), { facts: [fact('exposure', 'It is reachable.')], unknowns: [] });
    const [told] = builder.changes().changed.map(tellIncident);
    const sentences = told?.facts.filter(({ kind }) => kind !== 'prevention').map(({ sentence }) => sentence);
    expect(sentences).toEqual(['It runs image 1.', 'It is reachable.']);
  });

  it('says how to end it wherever it goes on, the gravest place first', () => {
    const calls = deviation(0, 'web', to('10.0.0.2'));
    const [told] = incidentsOf([calls, alert(1, 'cart', 'a'), alert(2, 'cart', 'b')]);
    const pods = told?.advice.flatMap((sentence) => /respond quarantine (\S+)/.exec(sentence)?.[1] ?? []);
    expect(pods).toHaveLength(2);
    expect(pods?.[0]).toContain('cart');
  });

  it('says how to end it in the cluster that it happened in, whatever that is called', () => {
    const adviceIn = (cluster: string) => {
      const subject = `${cluster}/shop/Deployment/web`;
      return incidentsOf([{ ...alert(1, 'web', 'no-shells'), subject }])[0]?.advice[0];
    };
    expect(adviceIn('east')).toContain('quarantine shop/web-0 --context east --execute');
    expect(adviceIn("a'; reboot; '")).toContain(`--context 'a'\\''; reboot; '\\''' --execute`);
  });

  it('says once what was stopped, where a policy says it too', () => {
    const connect = { ...to('192.0.2.1'), prevention: 'stopped' as const };
    const prevention: IncidentSign = { kind: 'prevention', event: event(0, 'web', connect), subject: subject('web') };
    const [both] = incidentsOf([prevention, alert(0, 'web', 'out', connect)]);
    expect(both?.entries.map(({ kind }) => kind)).toEqual(['alert']);
    const [alone] = incidentsOf([prevention]);
    expect(alone?.entries[0]?.sentence).toBe('The sensor stopped sh before it could connect to 192.0.2.1:80');
  });

  it('holds no control characters, and no endless names', () => {
    const name = `/bin/\u001b[31m\n${'x'.repeat(5_000)}`;
    const [incident] = incidentsOf([deviation(0, 'web', { process: program(name, 9) })]);
    expect(incident?.entries[0]?.sentence.length).toBeLessThan(400);
    expect(incident?.entries[0]?.sentence).not.toMatch(/[\u0000-\u001f]/);
  });

  it('names the steps of an attack in their order', () => {
    expect(tacticsOf(['T1041', 'T1059.004', 'T9999', 'T1552'])).toEqual([
      'execution',
      'credential access',
      'exfiltration',
    ]);
  });
});

import type { Exception, JsonObject } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { readReview } from './admission-request.ts';
import {
  type Asking,
  AUTHOR,
  ask,
  basisOf,
  exception,
  pod,
  policy,
  review,
  type Spec,
  unprivileged,
} from './admit.fixture.ts';
import { answerUnjudged } from './admit.ts';
import { LONGEST_LINE } from './answer.ts';
import type { AdmissionBasis } from './basis.ts';
import { REASON, UNTIL } from './break-glass.ts';
import { askedKey, type Lookups } from './lookups.ts';
import type { Snapshot } from './snapshot.ts';

describe('the ladder', () => {
  it('refuses what a blocking policy fails, in one line with a link', () => {
    const { response, decision } = ask({ object: pod(true) }, basisOf([unprivileged()]));
    expect(response).toEqual({
      uid: 'a-b-c',
      allowed: false,
      status: {
        status: 'Failure',
        code: 403,
        reason: 'Forbidden',
        message: 'no-privileged: container web is privileged http://127.0.0.1:7070/policies?policy=no-privileged',
      },
      auditAnnotations: { block: 'no-privileged (web)' },
    });
    expect(decision).toMatchObject({ outcome: 'denied', kind: 'Pod', namespace: 'shop', name: 'web', user: AUTHOR });
  });

  it('warns where a policy warns, and leaves what it only audits in the audit trail', () => {
    const warns = basisOf([unprivileged({ enforcement: { deploy: 'warn' } })]);
    expect(ask({ object: pod(true) }, warns).response).toEqual({
      uid: 'a-b-c',
      allowed: true,
      warnings: ['no-privileged: container web is privileged'],
      auditAnnotations: { warn: 'no-privileged (web)' },
    });
    const audits = ask({ object: pod(true) }, basisOf([unprivileged({ enforcement: {} })]));
    expect(audits.response).toEqual({
      uid: 'a-b-c',
      allowed: true,
      auditAnnotations: { audit: 'no-privileged (web)' },
    });
    expect(audits.decision).toBeUndefined();
  });

  it('lets through without a word what passes, and what no policy looks at', () => {
    const basis = basisOf([unprivileged()]);
    const unknownKind = { apiVersion: 'example.org/v1', kind: 'Widget', metadata: { name: 'w', namespace: 'shop' } };
    for (const object of [pod(false), unknownKind]) {
      expect(ask({ object }, basis)).toEqual({ response: { uid: 'a-b-c', allowed: true }, asked: [] });
    }
  });

  it('keeps lines short and whole, whatever stands in an object', () => {
    const hostile = `${'x'.repeat(70)}\u0000\r\nSet-Cookie: a\u2028\u202e${'y'.repeat(500)}`;
    const object = pod(true, {}, { name: hostile });
    const { message } = ask({ object }, basisOf([unprivileged()])).response.status!;
    expect(message.split(' http')[0]!.length).toBeLessThanOrEqual(LONGEST_LINE);
    expect(message).toMatch(/^[\x20-\x7e…]+$/u);
    expect(message).toContain(' http://127.0.0.1:7070/policies?policy=no-privileged');
    const warned = ask({ object }, basisOf([unprivileged({ enforcement: { deploy: 'warn' } })])).response.warnings!;
    expect(warned[0]!.length).toBeLessThanOrEqual(LONGEST_LINE);
    expect(warned[0]).not.toMatch(/[\n\r\u0000\u2028\u202e]/);
  });

  it('judges nothing in excluded namespaces, and no status', () => {
    const basis = basisOf([unprivileged()]);
    expect(ask({ object: pod(true, { namespace: 'kube-system' }) }, basis).response.allowed).toBe(true);
    const status = {
      object: pod(true),
      oldObject: pod(false),
      operation: 'UPDATE' as const,
      more: { subResource: 'status' },
    };
    expect(ask(status, basis).response.allowed).toBe(true);
  });

  it('judges ephemeral containers that are added to a pod', () => {
    const ephemeral = [{ name: 'debug', image: 'b', securityContext: { privileged: true } }];
    const before = pod(false);
    const object = { ...before, spec: { ...(before['spec'] as JsonObject), ephemeralContainers: ephemeral } };
    const asking = {
      object,
      oldObject: before,
      operation: 'UPDATE' as const,
      more: { subResource: 'ephemeralcontainers' },
    };
    expect(ask(asking, basisOf([unprivileged()])).response.status?.message).toContain('container debug is privileged');
  });

  it('judges scale as the object that it is', () => {
    const few = policy('few-replicas', {
      match: { kinds: ['Scale'] },
      require: [{ expr: 'object.spec.replicas <= 5', message: "'too many replicas: ' + string(object.spec.replicas)" }],
    });
    const scale = (replicas: number): JsonObject => ({
      apiVersion: 'autoscaling/v1',
      kind: 'Scale',
      metadata: { name: 'web', namespace: 'shop' },
      spec: { replicas },
    });
    const to = (replicas: number) =>
      ask(
        { object: scale(replicas), oldObject: scale(1), operation: 'UPDATE', more: { subResource: 'scale' } },
        basisOf([few]),
      );
    expect(to(3).response.allowed).toBe(true);
    expect(to(9).response.status?.message).toContain('too many replicas: 9');
  });
});

describe('updates and deletions', () => {
  const basis = basisOf([unprivileged()]);

  it('refuse what an update brings, and warn of what it leaves as it was', () => {
    const update = (object: JsonObject, oldObject: JsonObject) =>
      ask({ object, oldObject, operation: 'UPDATE' }, basis).response;
    expect(update(pod(true), pod(false)).allowed).toBe(false);
    const labelled = update(pod(true, { labels: { a: 'b' } }), pod(true));
    expect(labelled).toMatchObject({ allowed: true, warnings: ['no-privileged: container web is privileged'] });
    expect(update(pod(true, {}, { image: 'nginx:2' }), pod(true)).allowed).toBe(false);
  });

  it('refuse a label that is taken away, for it was there before', () => {
    const labelled = basisOf([
      policy('team-label', {
        match: { kinds: ['Pod'] },
        require: [{ expr: 'object.metadata.?labels.?team.hasValue()', message: "'no team'" }],
      }),
    ]);
    const update = (now: JsonObject, before: JsonObject) =>
      ask({ object: pod(false, now), oldObject: pod(false, before), operation: 'UPDATE' }, labelled).response.allowed;
    expect(update({}, { labels: { team: 'a' } })).toBe(false);
    expect(update({ annotations: { a: 'b' } }, {})).toBe(true);
  });

  it('judge deletions only by policies on them', () => {
    const kept = policy('keep-databases', {
      match: { kinds: ['Pod'], operations: ['DELETE'] },
      forbid: [
        {
          expr: "oldObject.metadata.?labels.?keep.orValue('') == 'yes' && object == null",
          message: "'is to be kept'",
        },
      ],
    });
    const both = basisOf([unprivileged(), kept]);
    const remove = (metadata: JsonObject) =>
      ask({ oldObject: pod(true, metadata), operation: 'DELETE' }, both).response.allowed;
    expect(remove({})).toBe(true);
    expect(remove({ labels: { keep: 'yes' } })).toBe(false);
  });
});

describe('connections', () => {
  const noShell = policy('no-exec-in-production', {
    match: { kinds: ['PodExecOptions', 'PodAttachOptions'], operations: ['CONNECT'] },
    forbid: [
      {
        expr: "namespaceObject.metadata.?labels.?stage.orValue('') == 'production'",
        message: "'nobody enters production'",
      },
      {
        each: 'containers',
        expr: 'c.privileged && object.?container.orValue(c.name) == c.name',
        message: "c.name + ' is privileged'",
      },
    ],
  });
  const namespace = (stage: string): JsonObject => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'shop', labels: { stage } },
  });
  const connect = (basis: AdmissionBasis, lookups?: Lookups) =>
    ask(
      {
        object: { apiVersion: 'v1', kind: 'PodExecOptions', stdin: true, tty: true, command: ['sh'] },
        operation: 'CONNECT',
        namespace: 'shop',
        more: { subResource: 'exec' },
      },
      basis,
      {},
      lookups,
    );

  it('are judged by who asks, the namespace and the pod, from the snapshot', () => {
    const basis = (stage: string, privileged: boolean) =>
      basisOf([noShell], { snapshot: { objects: [namespace(stage), pod(privileged)] } });
    expect(connect(basis('test', false)).response).toEqual({ uid: 'a-b-c', allowed: true });
    expect(connect(basis('production', false)).response.status?.message).toContain('nobody enters production');
    expect(connect(basis('test', true)).response.status?.message).toContain('web is privileged');
  });

  it('are judged by the pod as it is now, where that is known, and by none that is gone', () => {
    const basis = basisOf([noShell], { snapshot: { objects: [namespace('test'), pod(true)] } });
    const first = connect(basis);
    expect(first.response.allowed).toBe(false);
    const knowing = (now: JsonObject | null) => {
      const objects = new Map([[askedKey(first.asked[1]!), now]]);
      return connect(basis, { permissions: new Map(), objects }).response;
    };
    expect(knowing(pod(false)).allowed).toBe(true);
    expect(knowing(null).warnings?.[0]).toMatch(/no-exec-in-production: not known/);
  });

  it('ask for what the snapshot does not have, and stay undecided until it is known', () => {
    const basis = basisOf([noShell]);
    const first = connect(basis);
    expect(first.response.allowed).toBe(true);
    expect(first.response.warnings?.[0]).toMatch(/no-exec-in-production: not known/);
    expect(first.asked).toEqual([
      { what: 'object', kind: 'Namespace', namespace: '', name: 'shop' },
      { what: 'object', kind: 'Pod', namespace: 'shop', name: 'web' },
    ]);
    const objects = new Map([
      [askedKey(first.asked[0]!), namespace('production')],
      [askedKey(first.asked[1]!), pod(false)],
    ]);
    expect(connect(basis, { permissions: new Map(), objects }).response.allowed).toBe(false);
  });
});

describe('what is not known', () => {
  const privilegedToo = policy('exposed', {
    require: [{ expr: 'exposure.size() == 0', message: "'exposed'" }],
    match: { kinds: ['Pod'] },
  });

  it('never passes: it is warned of, or refused by choice', () => {
    const basis = basisOf([privilegedToo]);
    expect(ask({ object: pod(false) }, basis).response).toMatchObject({
      allowed: true,
      warnings: ['exposed: not known: exposure'],
    });
    expect(ask({ object: pod(false) }, basis, { undecided: 'block' }).response.allowed).toBe(false);
  });

  it("is refused where the policy blocks and the request's own size is why: somebody could hide behind it", () => {
    const many = (count: number): JsonObject[] =>
      Array.from({ length: count }, (_, index) => ({ name: `c${index}`, image: 'nginx:1' }));
    const run = (spec: Spec, count: number) =>
      ask({ object: { ...pod(true), spec: { containers: many(count) } } }, basisOf([policy('small', spec)])).response;
    const { allowed, status } = run({ require: [{ each: 'containers', expr: '!c.privileged', message: "''" }] }, 1_001);
    expect(allowed).toBe(false);
    expect(status?.message).toContain('small: could not be judged: the object has more than 1000 containers');
    const listed = { require: [{ each: 'object.spec.containers', expr: "item.name != 'x'", message: "''" }] };
    expect(run(listed, 1_000).allowed).toBe(true);
    expect(run(listed, 10_001).allowed).toBe(false);
    const costly = "object.spec.containers.all(a, object.spec.containers.all(b, a.name != 'x' || b.name != 'x'))";
    const looping = { require: [{ expr: costly, message: "''" }] };
    expect(run(looping, 10).allowed).toBe(true);
    expect(run(looping, 1_000).allowed).toBe(false);
    expect(run({ ...looping, enforcement: { deploy: 'warn' } }, 1_000)).toMatchObject({
      allowed: true,
      warnings: [expect.stringContaining('the cost of the expression exceeds')],
    });
    // What is read of the cluster costs the same whoever asks.
    const surrounded = { expr: `${costly} || estate.size() == 0`, message: "''" };
    expect(run({ require: [surrounded] }, 1_000).allowed).toBe(true);
  });

  it('is answered by choice where nothing could be judged', () => {
    expect(answerUnjudged('u', 'too\nbusy', { failure: 'ignore' })).toEqual({
      uid: 'u',
      allowed: true,
      warnings: ['breakwater could not judge this request: too busy'],
      auditAnnotations: { 'not-judged': 'too busy' },
    });
    expect(answerUnjudged('u', 'too busy', { failure: 'fail' })).toMatchObject({
      allowed: false,
      status: { code: 503 },
    });
  });

  it('an old snapshot says so in the audit trail', () => {
    const old = basisOf([], { snapshot: { time: '2026-01-02T11:00:00.000Z' } });
    expect(ask({ object: pod(false) }, old).response.auditAnnotations).toEqual({ 'snapshot-age': '3600 s' });
  });
});

describe('images', () => {
  const exploited = policy('no-exploited', {
    forbid: [{ each: 'vulnerabilities', expr: 'v.knownExploited', message: "v.id + ' is exploited'" }],
  });
  const images: Snapshot['images'] = [
    {
      id: 'sha256:1',
      references: ['docker.io/library/nginx:1'],
      digests: [`sha256:${'a'.repeat(64)}`],
      results: [{ policy: 'no-exploited', verdict: 'fail', message: 'CVE-1 is exploited', vulnerabilities: ['CVE-1'] }],
    },
    { id: 'sha256:2', references: ['good:1'], digests: [], results: [] },
  ];
  const run = (image: string, exceptions: Exception[] = []) =>
    ask({ object: pod(false, {}, { image }) }, basisOf([exploited], { snapshot: { images }, exceptions })).response;

  it('are refused by what was found in them, by name and by digest', () => {
    expect(run('good:1')).toEqual({ uid: 'a-b-c', allowed: true });
    for (const image of ['nginx:1', `shop/other@sha256:${'a'.repeat(64)}`]) {
      expect(run(image).status?.message).toContain('CVE-1 is exploited');
    }
  });

  it('that nobody has judged are undecided', () => {
    expect(run('new:1')).toMatchObject({ allowed: true, warnings: ['no-exploited: image new:1 was not judged yet'] });
  });

  it('are let through by an exception for the vulnerability, in its namespaces only', () => {
    const excepted = (namespaces: string[]) =>
      run('nginx:1', [exception({ namespaces, vulnerabilities: ['CVE-1'] }, 'no-exploited')]);
    expect(excepted(['shop'])).toMatchObject({
      allowed: true,
      auditAnnotations: { excepted: 'no-exploited (web) by why' },
    });
    expect(excepted(['other']).allowed).toBe(false);
  });
});

describe('exceptions', () => {
  it('count as they do in a build, and no longer than they say', () => {
    const run = (scope: Exception['spec']['scope'], expires?: string) =>
      ask(
        { object: pod(true) },
        basisOf([unprivileged()], { exceptions: [exception(scope, 'no-privileged', expires)] }),
      );
    expect(run({ namespaces: ['shop'] }).response.allowed).toBe(true);
    expect(run({ namespaces: ['shop'] }).decision).toMatchObject({
      outcome: 'excepted',
      reasons: [{ exception: 'why' }],
    });
    expect(run({ namespaces: ['ci'] }).response.allowed).toBe(false);
    expect(run({ namespaces: ['shop'] }, '2026-01-01').response.allowed).toBe(false);
  });

  it("for a workload cover what Kubernetes' controllers make for it, and nothing that others say it owns", () => {
    const basis = basisOf([unprivileged()], {
      exceptions: [exception({ workloads: ['default/shop/DaemonSet/agent'] }, 'no-privileged')],
    });
    const object = pod(true, { ownerReferences: [{ kind: 'DaemonSet', name: 'agent', controller: true }] });
    const as = (user: string) => ask({ object, user }, basis).response.allowed;
    expect(as('system:serviceaccount:kube-system:daemon-set-controller')).toBe(true);
    expect(as('eve')).toBe(false);
    expect(as('system:serviceaccount:shop:daemon-set-controller')).toBe(false);
  });
});

describe('breaking the glass', () => {
  const basis = basisOf([unprivileged()]);
  const breakGlass = { users: [], groups: ['on-call'], asksPermission: false, mostHours: 24 };
  const broken = (annotations: JsonObject): JsonObject => pod(true, { annotations });
  const run = (annotations: JsonObject, asking: Partial<Asking> = {}) =>
    ask({ object: broken(annotations), groups: ['on-call'], ...asking }, basis, { breakGlass });

  it('lets a request through for those who may, and leaves the reason where it is seen', () => {
    const { response, decision } = run({ [REASON]: 'the site is down' });
    expect(response).toMatchObject({
      allowed: true,
      warnings: ['break-glass: the site is down', 'no-privileged: container web is privileged'],
      auditAnnotations: { block: 'no-privileged (web)', 'break-glass': 'the site is down' },
    });
    expect(decision).toMatchObject({ outcome: 'break-glass', breakGlass: { reason: 'the site is down' } });
  });

  it('is refused to others, and to nobody who asks without a reason', () => {
    expect(run({ [REASON]: 'x' }, { groups: [] }).response.status?.message).toMatch(
      /^alice may not set breakwater\.dev/,
    );
    expect(run({ [REASON]: ' ' }).response.allowed).toBe(false);
  });

  it('is refused to others on what would pass too: somebody could rely on it later', () => {
    const object = pod(false, { annotations: { [REASON]: 'x' } });
    expect(ask({ object }, basis, { breakGlass }).response.allowed).toBe(false);
  });

  it('ends at its time, and may not be asked for too long', () => {
    const until = (time: string) => run({ [REASON]: 'x', [UNTIL]: time }).response.allowed;
    expect(until('2026-01-02T13:00:00Z')).toBe(true);
    expect(until('2026-01-02T11:00:00Z')).toBe(false);
    expect(until('2026-02-02T11:00:00Z')).toBe(false);
    expect(until('tomorrow')).toBe(false);
  });

  it('counts no longer for what was written before than it may be asked for now', () => {
    const far = { [REASON]: 'x', [UNTIL]: '2026-01-04T12:00:00Z' };
    const near = { [REASON]: 'x', [UNTIL]: '2026-01-03T12:00:00Z' };
    const carried = (annotations: JsonObject) =>
      run(annotations, { oldObject: pod(false, { annotations }), operation: 'UPDATE' }).response.allowed;
    const handed = (annotations: JsonObject) =>
      run(annotations, { user: 'system:serviceaccount:kube-system:job-controller', groups: [] }).response.allowed;
    expect([carried(near), handed(near)]).toEqual([true, true]);
    expect([carried(far), handed(far)]).toEqual([false, false]);
  });

  it('counts for the one request that writes it where it says no time', () => {
    const annotations = { [REASON]: 'x' };
    const update = (oldObject: JsonObject) => run(annotations, { oldObject, operation: 'UPDATE' }).response.allowed;
    expect(update(pod(false))).toBe(true);
    expect(update(pod(false, { annotations }))).toBe(false);
  });

  it("is carried by Kubernetes' controllers until its time, and by nobody else", () => {
    const annotations = { [REASON]: 'x', [UNTIL]: '2026-01-02T13:00:00Z' };
    const as = (user: string, given: JsonObject = annotations) => run(given, { user, groups: [] }).response.allowed;
    expect(as('system:serviceaccount:kube-system:replicaset-controller')).toBe(true);
    expect(as('system:serviceaccount:kube-system:replicaset-controller', { [REASON]: 'x' })).toBe(false);
    expect(as('system:serviceaccount:shop:replicaset-controller')).toBe(false);
    const unchanged = { oldObject: broken(annotations), operation: 'UPDATE' as const, groups: [] };
    expect(run(annotations, { ...unchanged, oldObject: pod(false, { annotations }) }).response.allowed).toBe(false);
  });

  it('cannot be added to the template of pods by others, beside a reason that is there', () => {
    const deployment = (own: JsonObject, pods: JsonObject): JsonObject => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: 'shop', annotations: own },
      spec: { template: { metadata: { annotations: pods }, spec: pod(false)['spec'] ?? null } },
    });
    const mine = { [REASON]: 'x', [UNTIL]: '2026-01-02T13:00:00Z' };
    const asking = { object: deployment(mine, mine), oldObject: deployment(mine, {}), operation: 'UPDATE' as const };
    expect(ask(asking, basis, { breakGlass }).response.allowed).toBe(false);
    expect(ask({ ...asking, groups: ['on-call'] }, basis, { breakGlass }).response.allowed).toBe(true);
  });

  it('lets those enter and delete who may, where the reason stands on what is there until a time', () => {
    const going = policy('stays', {
      match: { kinds: ['Pod'], operations: ['DELETE'] },
      forbid: [{ expr: 'true', message: "'it stays'" }],
    });
    const closed = policy('no-shell', {
      match: { kinds: ['PodExecOptions'], operations: ['CONNECT'] },
      forbid: [{ expr: 'true', message: "'no shell'" }],
    });
    const tries = (annotations: JsonObject, groups: string[]) => {
      const there = pod(false, { annotations });
      const known = basisOf([going, closed], { snapshot: { objects: [there] } });
      const exec = { apiVersion: 'v1', kind: 'PodExecOptions', command: ['sh'] };
      const more = { subResource: 'exec' };
      const enter: Asking = { object: exec, operation: 'CONNECT', namespace: 'shop', more, groups };
      const asked: Asking[] = [enter, { oldObject: there, operation: 'DELETE', groups }];
      return asked.map((one) => ask(one, known, { breakGlass }).response.allowed);
    };
    const mine = { [REASON]: 'the site is down', [UNTIL]: '2026-01-02T13:00:00Z' };
    expect(tries(mine, ['on-call'])).toEqual([true, true]);
    expect(tries(mine, [])).toEqual([false, false]);
    expect(tries({ [REASON]: 'x' }, ['on-call'])).toEqual([false, false]);
    expect(tries({ ...mine, [UNTIL]: '2026-01-02T11:00:00Z' }, ['on-call'])).toEqual([false, false]);
    expect(tries({}, ['on-call'])).toEqual([false, false]);
  });

  it('asks the API server where that is chosen', () => {
    const settings = { breakGlass: { ...breakGlass, asksPermission: true } };
    const asking = { object: broken({ [REASON]: 'x' }) };
    const first = ask(asking, basis, settings);
    expect(first.response.allowed).toBe(false);
    const permissions = new Map([[askedKey(first.asked[0]!), { allowed: true }]]);
    expect(ask(asking, basis, settings, { permissions, objects: new Map() }).response.allowed).toBe(true);
  });
});

describe('a dry run', () => {
  it('is answered alike and leaves no trace', () => {
    const { response, decision } = ask({ object: pod(true), more: { dryRun: true } }, basisOf([unprivileged()]));
    expect(response.allowed).toBe(false);
    expect(decision).toBeUndefined();
  });
});

describe('ids', () => {
  const open = policy('not-open', {
    match: { kinds: ['Pod'] },
    require: [{ expr: 'exposure.size() == 0', message: "'open to the Internet'" }],
  });

  it('are of the cluster that the snapshot is of, unless another one is named', () => {
    const snapshot = { cluster: 'production', exposures: { 'production/shop/Pod/web': [] } };
    const basis = basisOf([open], { snapshot });
    expect(ask({ object: pod(false) }, basis).response).toEqual({ uid: 'a-b-c', allowed: true });
    expect(ask({ object: pod(false) }, basis, { cluster: 'staging' }).response.warnings).toEqual([
      'not-open: not known: exposure',
    ]);
  });
});

describe('text of strangers', () => {
  const long = 'x'.repeat(100_000);

  it('is bounded in everything that is kept', () => {
    const breakGlass = { users: [], groups: ['on-call'], asksPermission: false, mostHours: 24 };
    const annotations = { [REASON]: long, [UNTIL]: `2026-01-02T13:00:00Z (${long})` };
    const asking: Asking = {
      object: pod(true, { annotations }, { name: long }),
      user: long,
      groups: ['on-call'],
      more: { name: '' },
    };
    for (const until of [annotations[UNTIL], '2026-01-02T13:00:00Z']) {
      const object = pod(
        true,
        { annotations: { ...annotations, [UNTIL]: until }, generateName: long, name: '' },
        { name: long },
      );
      const { response, decision } = ask({ ...asking, object }, basisOf([unprivileged()]), { breakGlass });
      expect(JSON.stringify(decision).length).toBeLessThan(3_000);
      expect(JSON.stringify(response).length).toBeLessThan(3_000);
      expect(response.allowed).toBe(until === '2026-01-02T13:00:00Z');
    }
  });

  it.each([
    ['kind', { kind: { group: '', version: 'v1', kind: long } }],
    ['group', { kind: { group: long, version: 'v1', kind: 'Pod' } }],
    ['resource', { resource: { group: '', version: 'v1', resource: long } }],
    ['subresource', { subResource: long }],
    ['namespace', { namespace: long }],
    ['name', { name: long }],
    ['kind of the object', { object: { ...pod(false), kind: long } }],
  ])('is no %s that Kubernetes would allow', (_, more) => {
    expect(readReview(review({ object: pod(false), more }))).toMatchObject({
      fault: expect.stringContaining('longer'),
    });
  });
});

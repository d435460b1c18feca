import { loadPolicies } from '@breakwater/engine/policy';
import type { JsonObject, Policy } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { ask, basisOf, exception, pod, policy, unprivileged } from './admit.fixture.ts';
import { type AdmissionBasis, openBasis } from './basis.ts';
import type { Snapshot } from './snapshot.ts';

const update = (basis: AdmissionBasis, object: JsonObject, oldObject: JsonObject, more: JsonObject = {}) =>
  ask({ object, oldObject, operation: 'UPDATE', more }, basis).response;
const allows = (policies: Policy[], object: JsonObject, oldObject: JsonObject) =>
  update(basisOf(policies), object, oldObject).allowed;

const twice = (metadata: JsonObject = {}): JsonObject => {
  const container = { name: 'web', image: 'nginx:1', securityContext: { privileged: true } };
  return { ...pod(true, metadata), spec: { containers: [container, { ...container, name: 'other' }] } };
};

describe('what an update leaves as it was', () => {
  const labelled = { labels: { a: 'b' } };

  it('is warned of while labels and annotations change that its policy does not look at', () => {
    expect(update(basisOf([unprivileged()]), pod(true, labelled), pod(true))).toMatchObject({
      allowed: true,
      warnings: ['no-privileged: container web is privileged'],
    });
  });

  it('is nothing that a second container brings, though the sentence is the same', () => {
    const some = policy('some-privileged', {
      forbid: [{ expr: 'containers.exists(c, c.privileged)', message: "'something is privileged'" }],
    });
    expect(allows([some], twice(), pod(true))).toBe(false);
    expect(allows([some], twice(labelled), twice())).toBe(true);
  });

  it('is nothing that a second label or annotation brings, though the sentence is the same', () => {
    const short = policy('short', {
      match: { kinds: ['Pod'] },
      require: [
        {
          expr: 'object.metadata.?labels.orValue({}).all(k, k.size() < 5) && object.metadata.?annotations.orValue({}).all(k, k.size() < 5)',
          message: "'a name is too long'",
        },
      ],
    });
    const long = { 'too-long': 'x' };
    expect(allows([short], pod(false, { labels: { ...long, longer: 'x' } }), pod(false, { labels: long }))).toBe(false);
    const [annotations, more] = [{ annotations: long }, { annotations: { ...long, longer: 'x' } }];
    expect(allows([short], pod(false, more), pod(false, annotations))).toBe(false);
    const finalized = { ...annotations, finalizers: ['a/b'] };
    expect(allows([short], pod(false, annotations), pod(false, finalized))).toBe(true);
  });

  it.each([
    ['as a whole', 'object.size() < 3'],
    ['by a name in quotes', "object['metadata']['labels'].all(k, k.size() < 5)"],
    ['by a loop', '[object].all(o, o.metadata.labels.all(k, k.size() < 5))'],
    ['as metadata', 'object.metadata.size() < 3'],
    ['as the workload', 'workload.labels.all(k, k.size() < 5)'],
    ['as the pod of the workload', 'workload.podLabels.all(k, k.size() < 5)'],
  ])('is nothing where a policy reads labels %s', (_, expr) => {
    const reading = policy('reading', { match: { kinds: ['Pod'] }, require: [{ expr, message: "'no'" }] });
    const before = { labels: { 'too-long': 'x' } };
    expect(allows([reading], pod(false, { labels: { ...before.labels, longer: 'x' } }), pod(false, before))).toBe(
      false,
    );
  });

  it.each([
    ['who asks', "request.userInfo.username == 'bob'"],
    ['who asks, as identity', "identity.name == 'bob'"],
    ['what was', 'oldObject == null'],
    ['what may be done', "authorizer.group('').resource('pods').check('delete').allowed()"],
  ])('is nothing that a policy finds in %s', (_, expr) => {
    const asking = policy('asking', { match: { kinds: ['Pod'] }, require: [{ expr, message: "'no'" }] });
    const answer = ask(
      { object: pod(false, labelled), oldObject: pod(false), operation: 'UPDATE' },
      basisOf([asking]),
      {
        undecided: 'block',
      },
    );
    expect(answer.response.allowed).toBe(false);
  });

  it('is nothing that an exception covered, when what puts it in scope is taken away', () => {
    const excepted = exception({ labels: { ci: 'yes' } });
    const basis = basisOf([unprivileged()], { exceptions: [excepted] });
    expect(update(basis, pod(true, { labels: { ci: 'yes' } }), pod(true)).allowed).toBe(true);
    expect(update(basis, pod(true), pod(true, { labels: { ci: 'yes' } })).allowed).toBe(false);
  });

  it('counts for what kubectl writes of itself too', () => {
    const annotated = policy('annotated', {
      match: { kinds: ['Pod'] },
      require: [{ expr: "object.metadata.?annotations['team'].hasValue()", message: "'no team'" }],
    });
    const applied = (text: string) => ({ annotations: { 'kubectl.kubernetes.io/last-applied-configuration': text } });
    expect(
      allows([annotated], pod(false, { ...applied('new'), ...{ labels: { a: 'b' } } }), pod(false, applied('old'))),
    ).toBe(true);
  });

  it('lets an object go that a policy of another language would refuse, and nothing else of it', () => {
    const [compiled] = loadPolicies([{ policy: unprivileged(), place: { source: 'test.yaml' } }]).policies;
    const foreign = { ...compiled!, language: 'ClusterPolicy' };
    const basis = openBasis(undefined, '', { policies: [foreign], exceptions: [], unknowns: [] });
    const going = { deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['a/b'] };
    expect(update(basis, pod(true, { ...going, finalizers: [] }), pod(true, going)).allowed).toBe(true);
    expect(update(basis, pod(true, labelled), pod(true)).allowed).toBe(false);
  });

  it('is, of an image, what each container ran before', () => {
    const exploited = policy('no-exploited', {
      forbid: [{ each: 'vulnerabilities', expr: 'v.knownExploited', message: "v.id + ' is exploited'" }],
    });
    const images: Snapshot['images'] = [
      {
        id: 'sha256:1',
        references: ['nginx:1'],
        digests: [],
        results: [
          { policy: 'no-exploited', verdict: 'fail', message: 'CVE-1 is exploited', vulnerabilities: ['CVE-1'] },
        ],
      },
      { id: 'sha256:2', references: ['good:1'], digests: [], results: [] },
    ];
    const basis = basisOf([exploited], { snapshot: { images } });
    const run = (...containers: [name: string, image: string][]): JsonObject => ({
      ...pod(false),
      spec: { containers: containers.map(([name, image]) => ({ name, image })) },
    });
    const before = run(['web', 'nginx:1']);
    expect(update(basis, run(['proxy', 'good:1'], ['web', 'nginx:1']), before).allowed).toBe(true);
    expect(update(basis, run(['web', 'nginx:1'], ['other', 'nginx:1']), before).allowed).toBe(false);
    const moved = { ...pod(false), spec: { containers: [], initContainers: [{ name: 'web', image: 'nginx:1' }] } };
    expect(update(basis, moved, before).allowed).toBe(false);
  });
});

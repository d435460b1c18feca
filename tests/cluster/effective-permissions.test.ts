import { authorizerOf, userOf } from '@breakwater/engine/identity';
import type { JsonObject, ManifestObject } from '@breakwater/model';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NO_CLUSTER, onCluster } from './control-plane.ts';
import { forEachOf } from './differential/api.ts';
import { reviewAccess, reviewOwnAccess, waitForRoles } from './permissions/access-review.ts';
import { NAMESPACES, randomEstate } from './permissions/random-estate.ts';
import { randomQuestion, type Subject } from './permissions/random-question.ts';
import { type Cluster, startCluster } from './start-cluster.ts';

/** How many questions are asked; as many as CI has a minute for where nothing else is asked for. */
const QUESTIONS = Number(process.env['PERMISSION_QUESTIONS'] ?? 400);
const SEED = Number(process.env['PERMISSION_SEED'] ?? 20_261_122);

/** Who may do what is asked of a real API server and of our reading of the same manifests: the answers must be equal. */
describe.skipIf(NO_CLUSTER !== '')(onCluster('effective permissions'), () => {
  const objects = fc.sample(randomEstate, { numRuns: 1, seed: SEED })[0]!;
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await startCluster({ parts: ['kube-controller-manager'] });
    for (const name of NAMESPACES) await cluster.kubectl(['create', 'namespace', name]);
    await cluster.kubectl(['create', '-f', '-'], { apiVersion: 'v1', kind: 'List', items: objects });
    await waitForRoles(cluster);
  });

  afterAll(async () => await cluster?.stop());

  it('are those that the API server grants', async () => {
    const mayDo = authorizerOf(objects.map(manifestOf));
    const questions = fc.sample(randomQuestion(objects), { numRuns: QUESTIONS, seed: SEED });
    const ours = questions.map((question) => mayDo(signedIn(question.subject), question).allowed);
    const theirs = await forEachOf(questions, (question) =>
      reviewAccess(cluster, question, signedIn(question.subject).groups),
    );
    const different = questions.filter((_, index) => ours[index] !== theirs[index]);
    const allowed = theirs.filter(Boolean).length;
    console.log(`${QUESTIONS} questions of seed ${SEED}: ${allowed} allowed, ${different.length} answered differently`);
    expect(different).toEqual([]);
    expect(Math.min(allowed, QUESTIONS - allowed)).toBeGreaterThan(QUESTIONS / 20);
  });

  it('count the groups that the API server puts somebody into', async () => {
    const mayDo = authorizerOf(objects.map(manifestOf));
    const people = randomQuestion(objects).filter(
      ({ subject }) =>
        subject.kind !== 'Group' && subject.name !== 'system:anonymous' && (subject.groups ?? []).length === 0,
    );
    const questions = fc.sample(people, { numRuns: QUESTIONS / 4, seed: SEED + 1 });
    const theirs = await forEachOf(questions, (question) => reviewOwnAccess(cluster, question));
    const different = questions.filter(
      (question, index) => mayDo(accountOf(question.subject), question).allowed !== theirs[index],
    );
    expect(different).toEqual([]);
  });
});

/** With the groups of Kubernetes itself, and those of whoever signed him in. */
function signedIn(subject: Subject): ReturnType<typeof userOf> {
  const user = userOf(subject);
  return { ...user, groups: [...new Set([...user.groups, ...(subject.groups ?? [])])] };
}

/** A user with the name of a service account is that service account to whoever impersonates it. */
function accountOf(subject: Parameters<typeof userOf>[0]): ReturnType<typeof userOf> {
  const [, namespace, name] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(subject.name) ?? [];
  return userOf(namespace && name ? { kind: 'ServiceAccount', namespace, name } : subject);
}

function manifestOf(object: JsonObject): ManifestObject {
  const { name, namespace = '' } = object['metadata'] as { name: string; namespace?: string };
  const { apiVersion, kind } = object as { apiVersion: string; kind: string };
  return { apiVersion, kind, name, namespace, cluster: 'random', object, place: { source: `${kind}-${name}.yaml` } };
}

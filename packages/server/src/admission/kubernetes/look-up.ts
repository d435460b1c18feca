import { type Answers, type Asked, askedKey, noAnswers } from '@breakwater/app/admission';
import type { LookUp } from '../judges/judge-knowing.ts';
import type { Asker } from '../judges/messages.ts';
import type { ApiAnswer, ApiServer } from './api-server.ts';

/** Milliseconds for which a namespace that is there is not asked for again. */
const KEPT = 5_000;
const MOST_KEPT = 5_000;

/** Questions in a row that came to nothing until the API server is left alone, and for how many milliseconds. */
const MOST_FAILURES = 8;
const REST = 1_000;

/** Asks, and gives nothing where no answer comes. */
type Ask = (...asked: Parameters<ApiServer['ask']>) => Promise<ApiAnswer | undefined>;

type Answer = Answers['objects'] extends ReadonlyMap<string, infer T> ? T : never;

/** Asks the API server for pods, namespaces and permissions. What it does not tell stays unknown: never rejects. */
export function lookUpAt(server: Pick<ApiServer, 'ask'>, now: () => number): LookUp {
  const ask = askUnlessSilent(server, now);
  const kept = new Map<string, { until: number; answer: Promise<Answer | undefined> }>();
  const objectOf = (asked: Asked & { what: 'object' }): Promise<Answer | undefined> => {
    if (asked.kind !== 'Namespace') return readObject(ask, asked);
    const known = kept.get(asked.name);
    if (known !== undefined && known.until > now()) return known.answer;
    if (kept.size >= MOST_KEPT) kept.clear();
    const answer = readObject(ask, asked);
    kept.set(asked.name, { until: now() + KEPT, answer });
    // One that is not there now may be in a moment, and who could not be asked may answer.
    void answer.then((object) => object ?? kept.delete(asked.name));
    return answer;
  };
  return async (questions, asker) => {
    const lookups = noAnswers();
    await Promise.all(
      questions.map(async (question) => {
        const key = askedKey(question);
        if (question.what === 'object') {
          const answer = await objectOf(question);
          if (answer !== undefined) lookups.objects.set(key, answer);
        } else {
          const answer = await readPermission(ask, question, asker);
          if (answer !== undefined) lookups.permissions.set(key, answer);
        }
      }),
    );
    return lookups;
  };
}

/** An API server that is silent is not asked by every request, each of which would wait for it. */
function askUnlessSilent(server: Pick<ApiServer, 'ask'>, now: () => number): Ask {
  let failures = 0;
  let until = 0;
  return async (...asked) => {
    if (failures >= MOST_FAILURES && now() < until) return undefined;
    try {
      const answer = await server.ask(...asked);
      failures = 0;
      return answer;
    } catch {
      failures += 1;
      until = now() + REST;
      return undefined;
    }
  };
}

async function readObject(
  ask: Ask,
  { kind, namespace, name }: Asked & { what: 'object' },
): Promise<Answer | undefined> {
  const at =
    kind === 'Namespace' ? `namespaces/${encoded(name)}` : `namespaces/${encoded(namespace)}/pods/${encoded(name)}`;
  const answer = await ask('GET', `/api/v1/${at}`);
  if (answer?.status === 404) return null;
  return answer?.status === 200 ? ({ apiVersion: 'v1', kind, ...(answer.body as object) } as Answer) : undefined;
}

const encoded = encodeURIComponent;

/** By SubjectAccessReview, for who asks or for the service account that a policy names. */
async function readPermission(
  ask: Ask,
  { asked }: Asked & { what: 'permission' },
  asker: Asker,
): Promise<{ allowed: boolean; reason?: string } | undefined> {
  const { user, path, verb, fieldSelector, labelSelector, ...attributes } = asked;
  // Selectors cannot be asked about in words: without an answer the policy stays undecided.
  if (fieldSelector !== undefined || labelSelector !== undefined) return undefined;
  const spec = {
    ...(user === undefined ? subjectOf(asker) : serviceAccount(user)),
    ...(path === undefined
      ? { resourceAttributes: { verb, ...attributes } }
      : { nonResourceAttributes: { verb, path } }),
  };
  const review = { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', spec };
  const answer = await ask('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', review);
  const status = (answer?.body as { status?: { allowed?: unknown; reason?: unknown } } | undefined)?.status;
  if (answer?.status !== 201 || typeof status?.allowed !== 'boolean') return undefined;
  return { allowed: status.allowed, ...(typeof status.reason === 'string' && { reason: status.reason }) };
}

const subjectOf = ({ username, uid, groups, extra }: Asker): object => ({ user: username, uid, groups, extra });

function serviceAccount(user: string): object {
  const namespace = user.split(':')[2] ?? '';
  return { user, groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'] };
}

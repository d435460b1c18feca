import type { JsonObject } from '@breakwater/model';
import { Authorizer, Failure, Timestamp } from '../../cel/index.ts';
import type { Facts, PolicySubject } from '../../facts/facts.ts';
import type { VulnerabilityFact } from '../../facts/vulnerability.ts';
import { podSpecPointer } from '../../facts/workload.ts';
import { isRecord, listOf, recordOf, textOf, textsOf } from '../../loose-values.ts';
import type { Entries } from './operators.ts';

/** What NeuVector's scan of an image would know, as far as it is at hand. */
export interface KnownVulnerability extends VulnerabilityFact {
  /** The image that it is in, where a workload has several. */
  image?: string;
  /** Day on which it became known, ISO 8601. */
  published?: string;
}

/** An object as NeuVector's rules look at it. */
export interface JudgedObject {
  kind: string;
  namespace: string;
  /** The pod that it is or makes: `metadata` and `spec`. */
  pod: Readonly<Record<string, unknown>>;
  /** The object itself. */
  object: JsonObject;
  labels: { own: Record<string, string>; ofPods: Record<string, string> };
  annotations: { own: Record<string, string>; ofPods: Record<string, string> };
  /** Undefined where nobody asks, as for a manifest. */
  user: string | undefined;
  groups: readonly string[] | undefined;
  /** `name` as the API server knows the account of its pods. */
  account: string;
  /** Undefined where no image was looked at. */
  vulnerabilities: readonly KnownVulnerability[] | undefined;
  /** User that the image runs as, its labels and the names in its environment; undefined where it is not at hand. */
  image:
    | { user: string; labels: Record<string, string>; environment: readonly string[]; hasSystem: boolean }
    | undefined;
  authorizer: Authorizer | undefined;
  /** The facts of these names; undefined where an object is seen alone. */
  estate: unknown;
  grants: unknown;
  /** Seconds since 1970. */
  now: number | undefined;
}

/** Undefined for what is no object of Kubernetes. */
export function judgedObject(facts: Facts, subject: PolicySubject): JudgedObject | undefined {
  const { object } = facts;
  if (!object) return undefined;
  const kind = textOf(object['kind']);
  const metadata = recordOf(object['metadata']);
  const pod = podOf(object, kind);
  const podMetadata = recordOf(pod['metadata']);
  const userInfo = recordOf(recordOf(facts['request'])['userInfo']);
  const { vulnerabilities } = facts;
  const authorizer = facts['authorizer'];
  const groups = listOf(userInfo['groups']).filter((group) => typeof group === 'string');
  return {
    kind,
    object,
    pod,
    namespace: textOf(metadata['namespace']) || subject.namespace || '',
    labels: { own: textsOf(metadata['labels']), ofPods: textsOf(podMetadata['labels']) },
    annotations: { own: textsOf(metadata['annotations']), ofPods: textsOf(podMetadata['annotations']) },
    user: typeof userInfo['username'] === 'string' ? userInfo['username'] : undefined,
    groups: userInfo['username'] === undefined ? undefined : groups,
    account: textOf(recordOf(pod['spec'])['serviceAccountName']) || 'default',
    vulnerabilities:
      vulnerabilities instanceof Failure ? undefined : (vulnerabilities as JudgedObject['vulnerabilities']),
    image: imageOf(facts.image),
    authorizer: authorizer instanceof Authorizer ? authorizer : undefined,
    estate: facts.estate,
    grants: facts.grants,
    now: facts.now instanceof Timestamp ? facts.now.$seconds : undefined,
  };
}

function podOf(object: JsonObject, kind: string): Readonly<Record<string, unknown>> {
  const pointer = podSpecPointer(kind);
  if (pointer === undefined) return {};
  return recordOf(pointer.slice(0, -1).reduce<unknown>((value, step) => recordOf(value)[step], object));
}

function imageOf(image: unknown): JudgedObject['image'] {
  const config = recordOf(image)['config'];
  if (!isRecord(config)) return undefined;
  return {
    user: textOf(config['user']),
    labels: textsOf(config['labels']),
    environment: listOf(config['environment']).filter((name) => typeof name === 'string'),
    hasSystem: recordOf(image)['distribution'] !== undefined,
  };
}

/** Several maps as one, each name with all values that it has. */
export function joinEntries(...maps: readonly Readonly<Record<string, string>>[]): Entries {
  const joined = new Map<string, string[]>();
  for (const map of maps)
    for (const [key, value] of Object.entries(map)) {
      const known = joined.get(key);
      if (known === undefined) joined.set(key, [value]);
      else if (!known.includes(value)) known.push(value);
    }
  return joined;
}

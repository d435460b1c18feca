import type { JsonObject, ManifestObject, PolicyResult } from '@breakwater/model';
import { alwaysThere, type Refusal, weaker } from '../identity/index.ts';
import { CelUnknown, type CompiledPolicy, findFaults } from '../policy/index.ts';
import { escapingProbes, harmlessProbe, helpingProbes, type Probe } from './probes.ts';

/** How pods come about: made new, or a container added to one that runs. */
export type PodMaking = 'create' | 'ephemeral';

/** What the admission policies of clusters refuse of pods. */
export interface PodPolicies {
  /** In a namespace; with an empty one, in whichever an attacker chooses. */
  refuses(cluster: string, namespace: string, making: PodMaking): Refusal;
}

/** Namespaces that are tried; beyond them nothing counts as refused. */
const MOST_NAMESPACES = 1_000;

/**
 * Finds out by trying: the policies judge pods that an attacker would like to make. One is refused where a policy blocks
 * it that lets a harmless pod pass, by whoever it may be made: what depends on who asks is not known, and refuses nobody.
 *
 * @param policiesIn Those that are in force in a namespace of a cluster, as its objects show.
 * @param now ISO 8601.
 */
export function podPoliciesOf(
  objects: readonly ManifestObject[],
  policiesIn: (cluster: string, namespace: string) => readonly CompiledPolicy[],
  now: string,
): PodPolicies {
  const namespaces = new Map<string, ManifestObject>();
  for (const object of objects)
    if (object.kind === 'Namespace' && object.apiVersion === 'v1')
      namespaces.set(`${object.cluster}/${object.name}`, object);
  const known = new Map<string, Refusal>();
  const inNamespace = (cluster: string, namespace: string, making: PodMaking): Refusal => {
    const own = policiesIn(cluster, namespace);
    const key = `${cluster}/${namespace}/${making}`;
    const found = own.length === 0 ? 'nothing' : known.get(key);
    if (found !== undefined) return found;
    if (known.size >= MOST_NAMESPACES) return 'nothing';
    const asked = { namespace, namespaceObject: namespaces.get(`${cluster}/${namespace}`)?.object, now };
    const refusal = refusalBy(own, asked, making === 'ephemeral');
    known.set(key, refusal);
    return refusal;
  };
  return {
    refuses(cluster, namespace, making) {
      if (namespace !== '') return inNamespace(cluster, namespace, making);
      const chosen = new Set([...alwaysThere, ...namesIn(namespaces, cluster)]);
      let refusal: Refusal = 'all';
      for (const name of chosen) {
        refusal = weaker(refusal, inNamespace(cluster, name, making));
        if (refusal === 'nothing') break;
      }
      return refusal;
    },
  };
}

const namesIn = (namespaces: ReadonlyMap<string, ManifestObject>, cluster: string): string[] =>
  [...namespaces.values()].filter((object) => object.cluster === cluster).map(({ name }) => name);

interface Asked {
  namespace: string;
  /** Undefined where its labels are not known. */
  namespaceObject: JsonObject | undefined;
  now: string;
}

function refusalBy(policies: readonly CompiledPolicy[], asked: Asked, ephemeral: boolean): Refusal {
  const { namespace } = asked;
  const usual = new Set(blocked(policies, harmlessProbe(namespace, ephemeral), asked));
  const isRefused = (probe: Probe): boolean => blocked(policies, probe, asked).some((reason) => !usual.has(reason));
  if (!escapingProbes(namespace, ephemeral).every(isRefused)) return 'nothing';
  return helpingProbes(namespace, ephemeral).every(isRefused) ? 'all' : 'escapes';
}

/** Why a pod is refused. */
function blocked(policies: readonly CompiledPolicy[], probe: Probe, asked: Asked): string[] {
  const { object, oldObject, subresource } = probe;
  const { namespace, namespaceObject, now } = asked;
  const facts = {
    oldObject,
    namespaceObject,
    ...(subresource === '' ? {} : { request: updateOf(subresource, namespace) }),
  };
  const results = findFaults(policies, { id: `${namespace}/Pod/probe`, namespace, object, facts }, 'deploy', [], now);
  return results.filter(isBlocked).map(({ policy, element, message }) => `${policy} ${element ?? ''} ${message}`);
}

/** The request for a change of a pod, by somebody who is not known. */
function updateOf(subResource: string, namespace: string): Readonly<Record<string, unknown>> {
  const [kind, resource] = [
    { group: '', version: 'v1', kind: 'Pod' },
    { group: '', version: 'v1', resource: 'pods' },
  ];
  return {
    uid: new CelUnknown(['request.uid']),
    kind,
    resource,
    subResource,
    requestKind: kind,
    requestResource: resource,
    requestSubResource: subResource,
    name: 'probe',
    namespace,
    operation: 'UPDATE',
    userInfo: new CelUnknown(['request.userInfo']),
    dryRun: false,
    options: new CelUnknown(['request.options']),
  };
}

const isBlocked = ({ verdict, enforcement, exception }: PolicyResult): boolean =>
  verdict === 'fail' && enforcement === 'block' && exception === undefined;

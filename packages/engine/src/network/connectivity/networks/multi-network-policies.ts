import type { ManifestObject, Unknown } from '@breakwater/model';
import { fieldAt, textOf } from '../../../json/index.ts';
import { collectPolicies } from '../collect-policies.ts';
import type { Policy } from '../policy.ts';
import type { Network } from './network.ts';

const ANNOTATION = 'k8s.v1.cni.cncf.io/policy-for';

/** The key of a label that only pods attached by a definition have; no label of Kubernetes begins so. */
export function attachedBy(definition: string): string {
  return `\u0000attached by ${definition}`;
}

/**
 * MultiNetworkPolicies by the secondary network that they are about. "The exact same API" as NetworkPolicy, put on the
 * attachments that their annotation names.
 */
export function multiNetworkPolicies(
  objects: readonly ManifestObject[],
  definitions: ReadonlyMap<string, Network>,
): { policies: Map<Network, Policy[]>; problems: Unknown[] } {
  const policies = new Map<Network, Policy[]>();
  const problems: Unknown[] = [];
  for (const object of objects) {
    if (object.kind !== 'MultiNetworkPolicy' || !object.apiVersion.startsWith('k8s.cni.cncf.io/')) continue;
    const parsed = collectPolicies([{ ...object, kind: 'NetworkPolicy', apiVersion: 'networking.k8s.io/v1' }]);
    problems.push(...parsed.problems.map((problem) => renamed(problem)));
    const [policy] = parsed.policies;
    const targets = targetsOf(object);
    if (targets.length === 0) problems.push(aboutNothing(object, 'no network'));
    for (const target of targets) {
      const network = definitions.get(target);
      if (network === undefined) problems.push(aboutNothing(object, `${target}, which is not in these manifests`));
      else if (policy !== undefined) push(policies, network, putOn(policy, target));
    }
  }
  return { policies, problems };
}

/** Definitions that a policy is for, each as `namespace/name`. */
function targetsOf({ object, namespace }: ManifestObject): string[] {
  const annotation = textOf(fieldAt(object, 'metadata', 'annotations', ANNOTATION)) ?? '';
  const names = annotation.split(',', 64).map((name) => name.trim());
  return names.filter((name) => name !== '').map((name) => (name.includes('/') ? name : `${namespace}/${name}`));
}

function putOn(policy: Policy, definition: string): Policy {
  const requirement = {
    key: attachedBy(definition),
    operator: 'Exists' as const,
    values: [],
    expression: true as const,
  };
  const { requirements, key } = policy.subject.pods;
  const pods = { requirements: [...requirements, requirement], key: `${key}; ${requirement.key}` };
  return { ...policy, kind: 'MultiNetworkPolicy', subject: { ...policy.subject, pods } };
}

function renamed(problem: Unknown): Unknown {
  return {
    ...problem,
    message: problem.message.replaceAll(/(?<!Multi)NetworkPolicy /g, 'MultiNetworkPolicy '),
    ...(problem.subject !== undefined && {
      subject: problem.subject.replace('/NetworkPolicy/', '/MultiNetworkPolicy/'),
    }),
  };
}

function aboutNothing(object: ManifestObject, what: string): Unknown {
  return {
    code: 'network-policy-about-nothing',
    message: `MultiNetworkPolicy ${object.namespace}/${object.name} is for ${what}: it closes nothing that is seen here.`,
    place: object.place,
    hint: `Name its NetworkAttachmentDefinitions in the annotation ${ANNOTATION}.`,
  };
}

function push(lists: Map<Network, Policy[]>, network: Network, policy: Policy): void {
  const known = lists.get(network);
  if (known === undefined) lists.set(network, [policy]);
  else known.push(policy);
}

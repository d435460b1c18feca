import type { PermissionTarget, StepCertainty } from './types.ts';

/** Permissions of which one verb on one resource is enough. */
export interface Need {
  group: string;
  resources: readonly string[];
  verbs: readonly string[];
  /** Only a rule for one of these names, or for all, will do; `*` where only one for all will, empty where any will. */
  named: readonly string[];
}

/** Needs of which one is enough. */
export type Choice = readonly Need[];

/** A way in which a permission becomes more than it says. */
export interface Attack {
  name: string;
  /** The permission that makes it; where several are listed, all must be held in the same place. */
  needs: readonly [Choice, ...Choice[]];
  targets: readonly PermissionTarget[];
  certainty: StepCertainty;
  /** Follows "can" and precedes the place: "read every secret". */
  phrase: string;
  /** What it takes beside the permission, where that is not certain: "a server that the API server reaches". */
  takes?: string;
  /** The resource is cluster-scoped: only a binding for the whole cluster gives it. */
  clusterOnly?: true;
  /** What is needed beside the first may be held in any namespace. */
  restAnywhere?: true;
  /** Holds in no other namespace. */
  onlyIn?: string;
  /** `resourceNames` name something else than what is opened: an attack only when this name is among them, or all are. */
  onlyNamed?: string;
  /** Names limit what is opened. */
  namesLimit?: true;
  /** Names are those of roles: `bind` gives what these roles hold, `escalate` opens all to whoever is bound to one of them. */
  roles?: 'bind' | 'escalate';
  /** Pods that it makes obey Pod Security. */
  podSecurity?: true;
  /** Pods that it makes obey admission policies. */
  policies?: true;
}

type Limits = Omit<Attack, 'name' | 'needs' | 'targets' | 'certainty' | 'phrase' | 'takes'>;

const groups: Readonly<Record<string, string>> = {
  core: '',
  rbac: 'rbac.authorization.k8s.io',
  admission: 'admissionregistration.k8s.io',
  certificates: 'certificates.k8s.io',
};

/**
 * Needs are written `GROUP RESOURCE,... VERB,...`, and `GROUP RESOURCE VERB NAME,...` where names decide; `|` joins those
 * of which one is enough, ` + ` those that are all needed. After the phrase, behind a dash, comes what else it takes.
 */
export function attack(
  name: string,
  certainty: StepCertainty,
  targets: readonly PermissionTarget[],
  words: string,
  needs: string,
  limits: Limits = {},
): Attack {
  const [first, ...others] = needs.split(' + ').map((choice): Choice => choice.split('|').map(needOf));
  const [phrase = '', takes] = words.split(' -- ');
  return { name, certainty, targets, phrase, needs: [first!, ...others], ...(takes ? { takes } : {}), ...limits };
}

function needOf(text: string): Need {
  const [group = '', resources = '', verbs = '', named] = text.split(' ');
  return {
    group: groups[group] ?? group,
    resources: resources.split(','),
    verbs: verbs.split(','),
    named: named?.split(',') ?? [],
  };
}

/** What many attacks lead to. */
export const cluster: readonly PermissionTarget[] = ['control-plane'];
export const podMaker: readonly PermissionTarget[] = ['node', 'service-accounts', 'secrets', 'volumes'];
export const everything: readonly PermissionTarget[] = ['workloads', ...podMaker];

/** Pods that are made obey what the namespace and admission policies ask. */
export const refusable = { podSecurity: true, policies: true } as const;

/** Everything that makes pods, or has a controller make them. */
export const makesPods =
  'core pods create|apps deployments,daemonsets,statefulsets,replicasets create,update,patch|batch jobs,cronjobs create|batch cronjobs update,patch|core replicationcontrollers create';

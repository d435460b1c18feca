import type { BehaviourProfile, Container, JsonObject, ObjectEdit, Workload } from '@breakwater/model';
import { usualVersion } from '../policy/facts/estate/index.ts';
import { POD_KINDS } from '../policy/facts/kubernetes.ts';
import type { CompileTarget, Confinement, ConfineOptions } from './compile-target.ts';
import { type ContainerLimits, containerOf, judgeByLimits, LIMITED, limitsOf } from './profile/container-limits.ts';
import { subjectOf } from './profile/subject.ts';

/** The security context of the container: what its own manifest can take from it. */
export const SECURITY_CONTEXT: CompileTarget = {
  name: 'security-context',
  summary: "securityContext of the container, as a patch of the workload's manifest",
  refuses: LIMITED,
  refusesAtOnce: true,
  confine,
};

/** Kinds whose template can be changed once they are there: of a Pod hardly anything can. */
const PATCHED: ReadonlySet<string> = new Set(POD_KINDS.filter((kind) => kind !== 'Pod' && kind !== 'PodTemplate'));

function confine(profile: BehaviourProfile, options: ConfineOptions): Confinement {
  const { limits, gaps } = limitsOf(profile, options);
  const subject = subjectOf(profile, options);
  const container = containerOf(profile, options.workload);
  const name = container?.name ?? profile.container;
  const apiVersion = PATCHED.has(subject.kind) ? usualVersion(subject.kind) : undefined;
  const decided = Object.keys(limits).length > 0;
  if (name === undefined)
    gaps.push({ message: 'Which container it is of is not known: give the manifest of its workload.' });
  else if (options.workload === undefined && apiVersion === undefined) {
    gaps.push({
      message: `A ${subject.kind === '' ? 'profile of an image' : subject.kind} is patched in the manifest of its workload: give it.`,
    });
  }
  gaps.push(
    { dimension: 'exec', message: 'It cannot say which programs may start.' },
    { dimension: 'syscall', message: 'System calls are for a seccomp profile (target seccomp).' },
    { dimension: 'connect', message: 'Connections are for a NetworkPolicy (target network-policy).' },
  );
  const canPatch = decided && name !== undefined && options.workload === undefined && apiVersion !== undefined;
  return {
    subject: profile.subject,
    objects: canPatch ? [patchOf(subject, apiVersion, name, limits)] : [],
    edits:
      decided && options.workload !== undefined && container !== undefined
        ? editsOf(options.workload, container, limits)
        : [],
    gaps,
    judge: (behaviour) => judgeByLimits(behaviour, limits, profile, options),
  };
}

/** Fields as they stand in a manifest. */
function fieldsOf({ capabilities, ...limits }: ContainerLimits): [string[], boolean | string[]][] {
  return [
    ...Object.entries(limits).map(([field, value]): [string[], boolean] => [[field], value]),
    ...(capabilities === undefined ? [] : [[['capabilities', 'drop'], ['ALL']] as [string[], string[]]]),
    ...(capabilities === undefined || capabilities.length === 0
      ? []
      : [[['capabilities', 'add'], capabilities] as [string[], string[]]]),
  ];
}

/** A strategic merge patch: `kubectl patch KIND NAME --patch-file`. */
function patchOf(
  { kind, namespace, workload }: { kind: string; namespace: string; workload: string },
  apiVersion: string,
  container: string,
  limits: ContainerLimits,
): JsonObject {
  const { capabilities, ...plain } = limits;
  const flags: JsonObject = Object.fromEntries(Object.entries(plain));
  const kept: JsonObject = { drop: ['ALL'] };
  if (capabilities !== undefined && capabilities.length > 0) kept['add'] = capabilities;
  const securityContext: JsonObject = capabilities === undefined ? flags : { ...flags, capabilities: kept };
  const template = { template: { spec: { containers: [{ name: container, securityContext }] } } };
  return {
    apiVersion,
    kind,
    metadata: { name: workload, namespace },
    spec: kind === 'CronJob' ? { jobTemplate: { spec: template } } : template,
  };
}

/** The same as edits, by which comments and order of the manifest stay. */
function editsOf(workload: Workload, { pointer, security }: Container, limits: ContainerLimits): ObjectEdit[] {
  const { cluster, kind, namespace, name } = workload;
  const target = { target: 'object', cluster, kind, namespace, name } as const;
  const added = [...pointer, 'securityContext', 'capabilities', 'add'];
  const keepsNone = limits.capabilities?.length === 0 && security.capabilitiesAdded.length > 0;
  return [
    ...(keepsNone ? [{ ...target, operation: 'remove' as const, pointer: added }] : []),
    ...fieldsOf(limits).map(
      ([path, value]): ObjectEdit => ({
        ...target,
        operation: 'set',
        pointer: [...pointer, 'securityContext', ...path],
        value,
      }),
    ),
  ];
}

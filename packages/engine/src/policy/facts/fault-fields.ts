import type { FieldPath } from '../field-path.ts';

type Steps = readonly string[];

const context = (field: string): Steps => ['securityContext', field];

/** Where the fields of `c` are written: in the container, then in its pod. */
const OF_CONTAINER: Readonly<Record<string, Steps>> = {
  allowPrivilegeEscalation: context('allowPrivilegeEscalation'),
  appArmorProfile: context('appArmorProfile'),
  capabilitiesAdded: ['securityContext', 'capabilities', 'add'],
  capabilitiesDropped: ['securityContext', 'capabilities', 'drop'],
  environment: ['env'],
  hostPorts: ['ports'],
  image: ['image'],
  limits: ['resources', 'limits'],
  mounts: ['volumeMounts'],
  name: ['name'],
  privileged: context('privileged'),
  procMount: context('procMount'),
  readOnlyRootFilesystem: context('readOnlyRootFilesystem'),
  requests: ['resources', 'requests'],
  runAsNonRoot: context('runAsNonRoot'),
  runAsUser: context('runAsUser'),
  seccompProfile: context('seccompProfile'),
};

/** Settings of a container that its pod may hold for all of them. */
const OF_POD_TOO = new Set(['appArmorProfile', 'runAsNonRoot', 'runAsUser', 'seccompProfile']);

/** Where the fields of `workload` are written in the pod spec. */
const OF_WORKLOAD: Readonly<Record<string, Steps>> = {
  automountToken: ['automountServiceAccountToken'],
  hostIPC: ['hostIPC'],
  hostNetwork: ['hostNetwork'],
  hostPaths: ['volumes'],
  hostPID: ['hostPID'],
  hostUsers: ['hostUsers'],
  serviceAccount: ['serviceAccountName'],
  sysctls: ['securityContext', 'sysctls'],
  volumes: ['volumes'],
};

/** Fields that tell who somebody is and are seldom at fault. */
const IDENTIFYING = new Set(['name', 'role', 'kind', 'namespace', 'os']);
const REFERENCE = /(?<![\w.])(c|workload|object|item)((?:\.[A-Za-z_]\w*)+)(\s*\()?/g;
const MOST_PATHS = 12;

/**
 * The fields that an expression looks at, in the order in which it names them: where a rule does not say which field is at
 * fault, it is one of these. Names of methods behind a path are no fields.
 */
export function fieldsNamed(expression: string): FieldPath[] {
  const code = expression.replaceAll(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/g, "''");
  const paths: FieldPath[] = [];
  for (const [, root, dotted, call] of code.matchAll(REFERENCE)) {
    const steps = dotted!.slice(1).split('.');
    if (call !== undefined) steps.pop();
    if (steps.length > 0) paths.push(...pathsOf(root!, steps));
    if (paths.length >= MOST_PATHS) break;
  }
  return paths;
}

function pathsOf(root: string, steps: string[]): FieldPath[] {
  const [first, ...rest] = steps as [string, ...string[]];
  if (IDENTIFYING.has(first)) return [];
  switch (root) {
    case 'c': {
      if (first === 'spec') return rest.length === 0 ? [] : [{ root: 'c', steps: rest }];
      const written = Object.hasOwn(OF_CONTAINER, first) ? OF_CONTAINER[first]! : undefined;
      if (written === undefined) return [];
      const own: FieldPath = { root: 'c', steps: written };
      return OF_POD_TOO.has(first) ? [own, { root: 'workload.pod', steps: written }] : [own];
    }
    case 'workload': {
      if (first === 'pod') return rest.length === 0 ? [] : [{ root: 'workload.pod', steps: rest }];
      const written = Object.hasOwn(OF_WORKLOAD, first) ? OF_WORKLOAD[first]! : undefined;
      return written === undefined ? [] : [{ root: 'workload.pod', steps: written }];
    }
    default:
      return first === 'metadata' && rest[0] === 'name' ? [] : [{ root: root as 'object' | 'item', steps }];
  }
}

type Pointer = readonly (string | number)[];

/** The item of a list that a sentence names: the volume by its path, the variable by its name. */
export function itemNamed(document: unknown, pointer: Pointer, sentence: string): Pointer {
  let list = document;
  for (const step of pointer) list = (list as Record<string | number, unknown> | null | undefined)?.[step];
  if (!Array.isArray(list) || list.length === 0) return pointer;
  const words = new Set(sentence.split(/[\s,;:'"()]+/));
  const at = list.findIndex((item) => wordsOf(item).some((word) => words.has(word)));
  return at === -1 ? pointer : [...pointer, at];
}

function wordsOf(item: unknown): string[] {
  if (typeof item !== 'object' || item === null) return [String(item)];
  const { name, path, hostPath, hostPort } = item as Record<string, unknown>;
  const inner =
    typeof hostPath === 'object' && hostPath !== null ? (hostPath as Record<string, unknown>)['path'] : undefined;
  return [inner, path, hostPort, name].flatMap((word) =>
    typeof word === 'string' || typeof word === 'number' ? [String(word)] : [],
  );
}

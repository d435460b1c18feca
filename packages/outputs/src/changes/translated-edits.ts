import { type FieldEdit, isObject, type Json, type ManifestObject, type Place, writtenPlace } from '@breakwater/model';

type Pointer = readonly (string | number)[];

/** An edit where a file of another platform has it. */
export interface WrittenEdit {
  place: Place;
  edit: FieldEdit;
}

/** Edits in the platform's own words, and what it has no words for. */
export interface WrittenEdits {
  edits: WrittenEdit[];
  notes: string[];
}

type Platform = NonNullable<ManifestObject['translation']>['platform'];

const APPEND = Number.MAX_SAFE_INTEGER;
const POD = ['spec', 'template', 'spec'];

/**
 * What edits of a translated object mean in the files that it was translated from. A field that is removed goes where it
 * is written; one that is set is set by the platform's name for it.
 */
export function writtenEdits(object: ManifestObject, edits: readonly FieldEdit[]): WrittenEdits {
  const result: WrittenEdits = { edits: [], notes: [] };
  const seen = new Set<string>();
  const add = (place: Place, edit: Omit<FieldEdit, 'pointer'>, steps: Pointer = []) => {
    const written: WrittenEdit = { place, edit: { ...edit, pointer: [...(place.pointer ?? []), ...steps] } };
    const key = JSON.stringify(written);
    if (!seen.has(key)) result.edits.push(written);
    seen.add(key);
  };
  for (const edit of edits) {
    const removed = edit.operation === 'remove';
    const set = removed ? undefined : settingOf(object, edit);
    const steps = removedSteps(object, edit.pointer);
    for (const place of removed ? exactPlaces(object, edit.pointer) : []) add(place, { operation: 'remove' }, steps);
    if (set !== undefined) add(set.place, { operation: 'set', value: set.value }, set.steps);
    else if (!removed) result.notes.push(wordless(object, edit.pointer));
  }
  return result;
}

/** Every place that says a field; none where only something around it is written. */
function exactPlaces({ translation }: ManifestObject, pointer: Pointer): Place[] {
  const wanted = pointer.at(-1) === 'hostPort' ? pointer.slice(0, -1) : pointer;
  const origins = translation?.origins ?? [];
  return origins
    .filter((origin) => origin.pointer.length === wanted.length && startsWith(origin.pointer, wanted))
    .map(({ place }) => place);
}

function exactPlace(object: ManifestObject, pointer: Pointer): Place | undefined {
  return exactPlaces(object, pointer).at(-1);
}

function startsWith(pointer: Pointer, start: Pointer): boolean {
  return start.every((step, at) => step === pointer[at]);
}

/* A published port of Compose is one item; elsewhere the port of the host is a field of its own. */
function removedSteps({ translation }: ManifestObject, pointer: Pointer): Pointer {
  if (pointer.at(-1) !== 'hostPort') return [];
  return translation?.platform === 'ecs' || translation?.platform === 'marathon' ? ['hostPort'] : [];
}

interface Setting {
  place: Place;
  steps: Pointer;
  value: Json;
}

function settingOf(object: ManifestObject, { pointer, value = null }: FieldEdit): Setting | undefined {
  const [list, index, ...field] = pointer.slice(POD.length);
  if (list !== 'containers' || typeof index !== 'number') return undefined;
  const container = writtenPlace(object, [...POD, 'containers', index]);
  const platform = object.translation!.platform;
  const name = field.join('.');
  const exact = exactPlace(object, pointer);
  if (field[0] === 'volumeMounts' && field[2] === 'readOnly')
    return readOnlyMount(object, pointer.slice(0, -1), platform);
  if (name === 'image' && exact !== undefined) return { place: exact, steps: [], value };
  const option = SETTINGS[platform][name];
  if (name === 'securityContext.allowPrivilegeEscalation' && value === false) {
    if (option === undefined) return undefined;
    return { place: container, steps: [...option, APPEND], value: NO_NEW_PRIVILEGES[platform] };
  }
  if (option === undefined) return undefined;
  return {
    place: exact ?? container,
    steps: exact === undefined ? option : [],
    value: name.endsWith('runAsUser') ? String(value) : value,
  };
}

const COMPOSE: Readonly<Record<string, Pointer>> = {
  'securityContext.allowPrivilegeEscalation': ['security_opt'],
  'securityContext.privileged': ['privileged'],
  'securityContext.readOnlyRootFilesystem': ['read_only'],
  'securityContext.runAsUser': ['user'],
};

/** Where each platform has the settings of a container, from the container on. */
const SETTINGS: Readonly<Record<Platform, Readonly<Record<string, Pointer>>>> = {
  compose: COMPOSE,
  swarm: { 'securityContext.readOnlyRootFilesystem': ['read_only'], 'securityContext.runAsUser': ['user'] },
  ecs: {
    'securityContext.allowPrivilegeEscalation': ['dockerSecurityOptions'],
    'securityContext.privileged': ['privileged'],
    'securityContext.readOnlyRootFilesystem': ['readonlyRootFilesystem'],
    'securityContext.runAsUser': ['user'],
  },
  marathon: {
    'securityContext.allowPrivilegeEscalation': ['container', 'docker', 'parameters'],
    'securityContext.privileged': ['container', 'docker', 'privileged'],
  },
};

const NO_NEW_PRIVILEGES: Readonly<Record<Platform, Json>> = {
  compose: 'no-new-privileges:true',
  swarm: null,
  ecs: 'no-new-privileges',
  marathon: { key: 'security-opt', value: 'no-new-privileges' },
};

/* `a:b` becomes `a:b:ro`; the long forms have a field. */
function readOnlyMount(object: ManifestObject, mount: Pointer, platform: Platform): Setting | undefined {
  const place = exactPlace(object, mount);
  if (place === undefined) return undefined;
  if (platform === 'ecs') return { place, steps: ['readOnly'], value: true };
  if (platform === 'marathon')
    return object.kind === 'MarathonPod'
      ? { place, steps: ['readOnly'], value: true }
      : { place, steps: ['mode'], value: 'RO' };
  const written = writtenValue(object, place);
  if (isObject(written)) return { place, steps: ['read_only'], value: true };
  if (typeof written !== 'string') return undefined;
  const parts = written.split(':');
  const mode = parts.length > 2 && /^(?:rw|z|Z)(?:,|$)/.test(parts.at(-1)!) ? parts.pop()! : '';
  const kept = mode.split(',').filter((flag) => flag !== '' && flag !== 'rw');
  return { place, steps: [], value: `${parts.join(':')}:${['ro', ...kept].join(',')}` };
}

/* What the platform itself says there, as far as one file holds the whole of it. */
function writtenValue({ object, place }: ManifestObject, { source, pointer = [] }: Place): Json | undefined {
  if (source !== place.source) return undefined;
  let value: Json | undefined = object['source'];
  for (const step of pointer.slice(place.pointer?.length ?? 0))
    value = (value as Record<string | number, Json> | null | undefined)?.[step];
  return value;
}

const PLATFORM_NAMES: Readonly<Record<Platform, string>> = {
  compose: 'Compose',
  swarm: 'Swarm',
  ecs: 'ECS',
  marathon: 'Marathon',
};

function wordless({ name, translation }: ManifestObject, pointer: Pointer): string {
  const field = pointer.slice(POD.length).filter((step) => typeof step === 'string');
  return `${PLATFORM_NAMES[translation!.platform]} has no word for ${field.at(-1)} of ${name}: that part of the change is not in the patch`;
}

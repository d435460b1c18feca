import type { Behaviour, BehaviourProfile, Container, Workload } from '@breakwater/model';
import type { ConfineOptions, Judgement, ProfileGap } from '../compile-target.ts';
import { parsePort } from './peers.ts';
import { gapsOfProfile, objectsOf } from './subject.ts';

/** The fields of a container's security context that follow from its profile; absent where nothing follows. */
export interface ContainerLimits {
  runAsNonRoot?: true;
  readOnlyRootFilesystem?: true;
  allowPrivilegeEscalation?: false;
  /** Capabilities that stay, without `CAP_`; all others are dropped. Absent where the profile does not tell of any. */
  capabilities?: string[];
}

/** What the limits refuse, each with what else they rest on: a call or a port may take a capability that nobody reported. */
export const LIMITED = [['open'], ['capability', 'privilege', 'listen'], ['privilege']] as const;

/** File systems that are mounted into every container, and are not its root. */
const RUNTIME_MOUNTS = ['/dev', '/proc', '/sys'];
/** Ports that take CAP_NET_BIND_SERVICE, where the node does not say otherwise. */
const FIRST_FREE_PORT = 1024;

/** The container of a workload that a profile is of: the one that it names, else the only one. */
export function containerOf(profile: BehaviourProfile, workload: Workload | undefined): Container | undefined {
  const main = workload?.containers.filter(({ role }) => role !== 'ephemeral') ?? [];
  if (profile.container !== undefined) return main.find(({ name }) => name === profile.container);
  return main.length === 1 ? main[0] : undefined;
}

/** Decides the limits, and says of each that is not there why. */
export function limitsOf(
  profile: BehaviourProfile,
  options: ConfineOptions,
): { limits: ContainerLimits; gaps: ProfileGap[] } {
  const gaps = gapsOfProfile(profile, ['open', 'capability', 'privilege']);
  const limits: ContainerLimits = {};
  if (isNonRoot(profile, options, gaps)) limits.runAsNonRoot = true;
  if (writesNoRoot(profile, options, gaps)) limits.readOnlyRootFilesystem = true;
  if (gainsNothing(profile, gaps)) limits.allowPrivilegeEscalation = false;
  const capabilities = capabilitiesOf(profile);
  if (capabilities !== undefined) limits.capabilities = capabilities;
  return { limits, gaps };
}

function isNonRoot(profile: BehaviourProfile, { workload }: ConfineOptions, gaps: ProfileGap[]): boolean {
  const declared = containerOf(profile, workload)?.security.runAsUser;
  const seen = [...usersOf(profile).values()].flatMap((users) => [...users]);
  // That nobody saw root says nothing where it is not told of all.
  const told = profile.dimensions.includes('privilege') || seen.includes('0') ? seen : [];
  const known = told.length === 0 && declared !== undefined ? [String(declared)] : told;
  if (known.length > 0 && !known.includes('0')) return true;
  const message =
    known.length === 0
      ? 'Which user it runs as is not known: runAsNonRoot is left as it is.'
      : 'Programs of it run as root: runAsNonRoot would keep it from starting.';
  gaps.push({ dimension: 'privilege', message });
  return false;
}

/** By program the users that it ran as: a profile holds `uid 0` as a privilege. */
function usersOf(profile: BehaviourProfile): Map<string, Set<string>> {
  const users = new Map<string, Set<string>>();
  for (const { dimension, actor, object } of profile.behaviours) {
    const user = dimension === 'privilege' ? USER.exec(object)?.[1] : undefined;
    if (user === undefined) continue;
    const known = users.get(actor) ?? new Set();
    users.set(actor, known.add(user));
  }
  return users;
}

const USER = /^uid (\d+|\*)$/;

function writesNoRoot(profile: BehaviourProfile, { workload }: ConfineOptions, gaps: ProfileGap[]): boolean {
  if (!profile.dimensions.includes('open')) return false;
  const mounts = writableMounts(profile, workload);
  const written = profile.behaviours.filter((behaviour) => isWrite(behaviour) && !isBelow(behaviour.object, mounts));
  if (written.length === 0) return true;
  const paths = [...new Set(written.map(({ object }) => object))].sort();
  const more = paths.length > 5 ? ` and ${paths.length - 5} more` : '';
  gaps.push({
    dimension: 'open',
    message: `It writes outside of its mounts (${paths.slice(0, 5).join(', ')}${more}): mount volumes there, then readOnlyRootFilesystem can be set.`,
  });
  return false;
}

function writableMounts(profile: BehaviourProfile, workload: Workload | undefined): string[] {
  const mounts = containerOf(profile, workload)?.mounts ?? [];
  return [...RUNTIME_MOUNTS, ...mounts.filter(({ readOnly }) => !readOnly).map(({ path }) => path)];
}

const isWrite = ({ dimension, access }: Behaviour): boolean =>
  dimension === 'open' && access !== undefined && access !== 'read';

const isBelow = (path: string, folders: readonly string[]): boolean =>
  folders.some((folder) => path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`));

/** Whether its privileges only ever fall: no_new_privs then refuses nothing that it does. */
function gainsNothing(profile: BehaviourProfile, gaps: ProfileGap[]): boolean {
  if (!profile.dimensions.includes('privilege')) return false;
  const users = usersOf(profile);
  const gains = profile.behaviours.filter((behaviour) => isGain(behaviour, users));
  if (gains.length === 0) return true;
  const named = [...new Set(gains.map(({ actor, object }) => `${actor}: ${object}`))];
  gaps.push({
    dimension: 'privilege',
    message: `It gains privileges (${named.slice(0, 5).join(', ')}): allowPrivilegeEscalation is left as it is.`,
  });
  return false;
}

/** A program that runs as somebody whom the one that started it was not, nor was that one root: it is setuid. */
function isGain(
  { dimension, actor, parent, object }: Behaviour,
  users: ReadonlyMap<string, ReadonlySet<string>>,
): boolean {
  if (dimension !== 'privilege') return false;
  const user = USER.exec(object)?.[1] ?? /^set(?:res|re|fs)?uid (0)\b(?!.* failed$)/.exec(object)?.[1];
  const before = users.get(USER.test(object) ? parent : actor);
  return user !== undefined && before !== undefined && !before.has('0') && !before.has(user);
}

function capabilitiesOf(profile: BehaviourProfile): string[] | undefined {
  if (!profile.dimensions.includes('capability')) return undefined;
  const used = new Set(objectsOf(profile, 'capability').map((name) => name.replace(/^CAP_/, '')));
  for (const object of objectsOf(profile, 'privilege')) {
    if (object.endsWith(' failed')) continue;
    if (/^set(res|re|fs)?uid\b/.test(object)) used.add('SETUID');
    if (/^set(res|re|fs)?gid\b|^setgroups\b/.test(object)) used.add('SETGID');
    if (/^(mount|umount|unshare|setns|pivot_root)\b/.test(object) && !/\buser\b/.test(object)) used.add('SYS_ADMIN');
    if (/^(init_module|finit_module|delete_module)\b/.test(object)) used.add('SYS_MODULE');
  }
  const ports = objectsOf(profile, 'listen').map((object) => Number(parsePort(object)?.port));
  if (ports.some((port) => port > 0 && port < FIRST_FREE_PORT)) used.add('NET_BIND_SERVICE');
  return [...used].sort();
}

/** What a container with these limits could no longer do. */
export function judgeByLimits(
  behaviour: Behaviour,
  limits: ContainerLimits,
  profile: BehaviourProfile,
  options: ConfineOptions,
): Judgement {
  const { dimension, object } = behaviour;
  if (dimension === 'capability' && limits.capabilities !== undefined)
    return limits.capabilities.includes(object.replace(/^CAP_/, '')) ? 'allowed' : 'refused';
  if (dimension === 'open' && limits.readOnlyRootFilesystem === true)
    return isWrite(behaviour) && !isBelow(object, writableMounts(profile, options.workload)) ? 'refused' : 'allowed';
  if (dimension === 'privilege' && limits.runAsNonRoot === true && USER.test(object))
    return object === 'uid 0' ? 'refused' : 'allowed';
  return 'open';
}

import type { Behaviour, BehaviourProfile, JsonObject } from '@breakwater/model';
import type { CompileTarget, Confinement, ConfineOptions, Judgement, ProfileGap } from './compile-target.ts';
import { parsePeer, parsePort } from './profile/peers.ts';
import {
  gapsOfProfile,
  metadataOf,
  objectsOf,
  type Subject,
  subjectOf,
  withoutPath,
  withoutSelector,
} from './profile/subject.ts';

/** KubeArmorPolicy: allowed programs, folders to write in, protocols and capabilities; all else by the posture of the namespace. */
export const KUBEARMOR_POLICY: CompileTarget = {
  name: 'kubearmor',
  summary: 'KubeArmorPolicy: programs, folders that are written, protocols and capabilities (AppArmor or BPF-LSM)',
  refuses: [['exec'], ['open'], ['connect', 'listen'], ['listen', 'connect'], ['capability']],
  canAudit: true,
  confine,
};

/** Capabilities that its definition takes. */
const CAPABILITIES: ReadonlySet<string> = new Set(
  'chown dac_override dac_read_search fowner fsetid kill setgid setuid setpcap linux_immutable net_bind_service net_broadcast net_admin net_raw ipc_lock ipc_owner sys_module sys_rawio sys_chroot sys_ptrace sys_pacct sys_admin sys_boot sys_nice sys_resource sys_time sys_tty_config mknod lease audit_write audit_control setfcap mac_override mac_admin'.split(
    ' ',
  ),
);
const PROTOCOLS: ReadonlySet<string> = new Set(['TCP', 'UDP', 'ICMP']);
/** Paths as its definition takes them: absolute, and not of a folder. */
const PROGRAM = /^\/.*[^/]$/;

/** What the policy allows; a part that is absent is not restricted. */
interface Allowed {
  programs?: string[];
  /** Folders with a slash at their end. */
  written?: string[];
  protocols?: string[];
  capabilities?: string[];
}

function confine(profile: BehaviourProfile, options: ConfineOptions): Confinement {
  const subject = subjectOf(profile, options);
  const missing = withoutSelector(subject);
  const gaps = [
    ...(missing ? [missing] : []),
    ...gapsOfProfile(profile, ['exec', 'open', 'connect', 'capability']),
    ...postureGaps(subject, options),
  ];
  const allowed = allowedOf(profile, gaps);
  const isEmpty = Object.keys(allowed).length === 0 || missing !== undefined;
  return {
    subject: profile.subject,
    objects: isEmpty ? [] : [write(allowed, subject, profile)],
    edits: [],
    gaps,
    judge: (behaviour) => judge(behaviour, allowed),
  };
}

/** An allowing policy does not say what becomes of the rest: the namespace does. */
function postureGaps({ namespace }: Subject, { step }: ConfineOptions): ProfileGap[] {
  const postures = ['file', 'network', 'capabilities'].map((part) => `kubearmor-${part}-posture=${step}`).join(' ');
  return [
    {
      message: `What becomes of the rest is the posture of the namespace, for all its policies: kubectl annotate namespace ${namespace} ${postures}`,
    },
    { dimension: 'syscall', message: 'System calls are told by KubeArmor, never refused (target seccomp).' },
    { dimension: 'listen', message: 'Ports are not looked at (target network-policy).' },
  ];
}

function allowedOf(profile: BehaviourProfile, gaps: ProfileGap[]): Allowed {
  const { dimensions } = profile;
  const allowed: Allowed = {};
  if (dimensions.includes('exec')) {
    const seen = objectsOf(profile, 'exec');
    const programs = seen.filter((path) => PROGRAM.test(path) && !path.includes('*'));
    if (programs.length < seen.length) gaps.push(withoutPath(seen.length - programs.length, programs.length));
    // A list of none allows nothing and refuses nothing: there is no policy without a rule.
    if (programs.length > 0) allowed.programs = programs;
    gaps.push({
      dimension: 'exec',
      message:
        'Programs are told by path, not by file: another file at an allowed path runs, symbolic links do not match, and who starts it is not looked at.',
    });
    if (!dimensions.includes('open')) allowed.written = ['/'];
  }
  if (dimensions.includes('open')) {
    allowed.written = foldersWritten(profile);
    gaps.push({
      dimension: 'open',
      message: 'Reading stays open everywhere; writing is held to folders, not to files.',
    });
  }
  if (dimensions.includes('connect') && dimensions.includes('listen')) {
    const protocols = protocolsOf(profile, gaps);
    if (protocols.length > 0) allowed.protocols = protocols;
    else
      gaps.push({ dimension: 'connect', message: 'That it uses no network cannot be said (target network-policy).' });
    gaps.push({
      dimension: 'connect',
      message: 'It knows protocols, neither addresses nor ports (target network-policy).',
    });
  }
  const capabilities = dimensions.includes('capability') ? capabilitiesOf(profile, gaps) : [];
  if (capabilities.length > 0) allowed.capabilities = capabilities;
  else if (dimensions.includes('capability'))
    gaps.push({
      dimension: 'capability',
      message: 'That it uses no capability cannot be said (target security-context).',
    });
  return allowed;
}

/** Folders of what is written, made or removed; `/var/log/app/*` is written in `/var/log/app/`. */
function foldersWritten(profile: BehaviourProfile): string[] {
  const folders = profile.behaviours.flatMap(({ dimension, access, object }) =>
    dimension === 'open' && access !== undefined && access !== 'read' ? folderOf(object) : [],
  );
  return [...new Set(['/dev/', '/proc/', ...folders])].sort();
}

/** The folder above the first name that is a pattern, with a slash at its end. */
function folderOf(path: string): string {
  const star = path.indexOf('*');
  const fixed = star < 0 ? path : path.slice(0, star);
  return fixed.slice(0, fixed.lastIndexOf('/') + 1) || '/';
}

function protocolsOf(profile: BehaviourProfile, gaps: ProfileGap[]): string[] {
  const found = new Set<string>();
  for (const { dimension, object } of profile.behaviours) {
    // Whoever connects to a name asks for it, which not every recording shows.
    if (dimension === 'connect' && parsePeer(object)?.kind === 'name') found.add('UDP');
    const protocol = protocolOf(dimension, object);
    if (protocol === undefined) continue;
    if (PROTOCOLS.has(protocol)) found.add(protocol);
    else gaps.push({ dimension, message: `It does not know the protocol of ${object}.` });
  }
  return [...found].sort();
}

function protocolOf(dimension: Behaviour['dimension'], object: string): string | undefined {
  if (dimension === 'connect') return parsePeer(object)?.protocol;
  return dimension === 'listen' ? parsePort(object)?.protocol : undefined;
}

function capabilitiesOf(profile: BehaviourProfile, gaps: ProfileGap[]): string[] {
  const names = objectsOf(profile, 'capability').map(shortName);
  const unknown = names.filter((name) => !CAPABILITIES.has(name));
  if (unknown.length > 0)
    gaps.push({ dimension: 'capability', message: `It does not know ${unknown.join(', ')}: they would be refused.` });
  return names.filter((name) => CAPABILITIES.has(name));
}

const shortName = (capability: string): string => capability.replace(/^CAP_/, '').toLowerCase();

function write(
  { programs, written, protocols, capabilities }: Allowed,
  subject: Subject,
  profile: BehaviourProfile,
): JsonObject {
  const labels: JsonObject = { ...subject.selector };
  if (profile.container !== undefined) labels['kubearmor.io/container.name'] = `[${profile.container}]`;
  return {
    apiVersion: 'security.kubearmor.com/v1',
    kind: 'KubeArmorPolicy',
    metadata: metadataOf(subject, profile),
    spec: {
      selector: { matchLabels: labels },
      ...(programs === undefined ? {} : { process: { matchPaths: programs.map((path) => ({ path })) } }),
      ...(written === undefined ? {} : { file: { matchDirectories: directoriesOf(written) } }),
      ...(protocols === undefined ? {} : { network: { matchProtocols: protocols.map((protocol) => ({ protocol })) } }),
      ...(capabilities === undefined
        ? {}
        : { capabilities: { matchCapabilities: capabilities.map((capability) => ({ capability })) } }),
      action: 'Allow',
    },
  };
}

/** All may be read, and what is listed written too. */
function directoriesOf(written: readonly string[]): JsonObject[] {
  if (written.includes('/')) return [{ dir: '/', recursive: true }];
  return [{ dir: '/', recursive: true, readOnly: true }, ...written.map((dir) => ({ dir, recursive: true }))];
}

function judge({ dimension, access, object }: Behaviour, allowed: Allowed): Judgement {
  const decide = (isAllowed: boolean): Judgement => (isAllowed ? 'allowed' : 'refused');
  if (dimension === 'exec' && allowed.programs !== undefined) return decide(allowed.programs.includes(object));
  if (dimension === 'open' && allowed.written !== undefined && access !== undefined)
    return decide(access === 'read' || allowed.written.some((folder) => folderOf(object).startsWith(folder)));
  if (dimension === 'capability' && allowed.capabilities !== undefined)
    return decide(allowed.capabilities.includes(shortName(object)));
  const protocol = protocolOf(dimension, object);
  if (protocol !== undefined && allowed.protocols !== undefined) return decide(allowed.protocols.includes(protocol));
  return 'open';
}

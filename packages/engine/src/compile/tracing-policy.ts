import type { Behaviour, BehaviourProfile, JsonObject } from '@breakwater/model';
import type { CompileTarget, Confinement, ConfineOptions, Judgement, ProfileGap } from './compile-target.ts';
import { isLoopback, peersOf } from './profile/peers.ts';
import { gapsOfProfile, metadataOf, objectsOf, subjectOf, withoutPath, withoutSelector } from './profile/subject.ts';

/** Tetragon's TracingPolicyNamespaced: programs that are not in the profile are refused at exec by BPF-LSM. */
export const TRACING_POLICY: CompileTarget = {
  name: 'tetragon',
  summary: 'TracingPolicyNamespaced of Tetragon: other programs refused at exec (BPF-LSM), other ports told',
  refuses: [['exec']],
  tells: ['connect', 'privilege'],
  canAudit: true,
  confine,
};

/** EPERM, as `argError` has it. */
const REFUSED = -1;
/** Paths in one filter that Tetragon documents. */
const DOCUMENTED_PATHS = 8;
/** Ports that were given by chance, as a span that it takes. */
const EPHEMERAL = '32768:60999';
/** What every pod runs beside its containers. */
const PAUSE = '/pause';
/** Calls that a profile holds as `privilege`, whose kprobes tell of them. */
const PRIVILEGE_CALLS = ['unshare', 'setns', 'mount', 'ptrace', 'init_module', 'finit_module', 'bpf'];

function confine(profile: BehaviourProfile, options: ConfineOptions): Confinement {
  const subject = subjectOf(profile, options);
  const missing = withoutSelector(subject);
  const gaps = [...(missing ? [missing] : []), ...gapsOfProfile(profile, ['exec', 'connect', 'privilege'])];
  const programs = programsOf(profile, gaps);
  const hooks = programs.length === 0 ? [] : [execHook(programs, options)];
  const kprobes = [...connectProbes(profile, gaps), ...privilegeProbes(profile, gaps)];
  const isEmpty = hooks.length + kprobes.length === 0;
  const written: JsonObject = {
    apiVersion: 'cilium.io/v1alpha1',
    kind: 'TracingPolicyNamespaced',
    metadata: metadataOf(subject, profile),
    spec: {
      podSelector: { matchLabels: { ...subject.selector } },
      ...(profile.container === undefined ? {} : { containerSelector: inContainer(profile.container) }),
      ...(hooks.length === 0 ? {} : { lsmhooks: hooks }),
      ...(kprobes.length === 0 ? {} : { kprobes }),
    },
  };
  return {
    subject: profile.subject,
    objects: isEmpty || missing !== undefined ? [] : [written],
    edits: [],
    gaps,
    judge: (behaviour) => judge(behaviour, programs),
  };
}

const inContainer = (name: string): JsonObject => ({
  matchExpressions: [{ key: 'name', operator: 'In', values: [name] }],
});

function programsOf(profile: BehaviourProfile, gaps: ProfileGap[]): string[] {
  if (!profile.dimensions.includes('exec')) return [];
  const seen = objectsOf(profile, 'exec');
  const paths = seen.filter((path) => path.startsWith('/') && !path.includes('*'));
  if (paths.length < seen.length) gaps.push(withoutPath(seen.length - paths.length, paths.length));
  if (paths.length === 0) return [];
  const foreign = profile.behaviours.filter(({ dimension, inImage }) => dimension === 'exec' && inImage === false);
  if (foreign.length > 0) {
    gaps.push({
      dimension: 'exec',
      message: `Programs that are not in the image are in the profile (${foreign[0]!.object}), and are let by their path.`,
    });
  }
  gaps.push(
    {
      dimension: 'exec',
      message:
        'Programs are told by path, not by file: another file at an allowed path runs, and who starts it is not looked at.',
    },
    {
      dimension: 'exec',
      message:
        'Scripts that begin with #! are compared by their own path too, and a profile holds their interpreter: try it in audit first.',
    },
    { dimension: 'exec', message: 'An empty path is let: a program that is only in memory is not refused.' },
    { dimension: 'open', message: 'Opened files are not restricted.' },
    { dimension: 'capability', message: 'Capabilities are not restricted (target security-context).' },
    { dimension: 'syscall', message: 'System calls are not restricted (target seccomp).' },
  );
  const all = profile.container === undefined ? [...paths, PAUSE] : paths;
  if (all.length > DOCUMENTED_PATHS) {
    gaps.push({
      dimension: 'exec',
      message: `Tetragon documents ${DOCUMENTED_PATHS} paths in one filter, and here are ${all.length}: see in its log that the policy loads.`,
    });
  }
  return all;
}

function execHook(programs: readonly string[], { step }: ConfineOptions): JsonObject {
  return {
    hook: 'bprm_check_security',
    args: [{ index: 0, type: 'linux_binprm' }],
    selectors: [
      {
        matchArgs: [{ index: 0, operator: 'NotEqual', values: [...programs] }],
        matchActions: [step === 'block' ? { action: 'Override', argError: REFUSED } : { action: 'Post' }],
      },
    ],
  };
}

/** Tells of connections to other ports. By the time this call is made, a kill would come with the first packet. */
function connectProbes(profile: BehaviourProfile, gaps: ProfileGap[]): JsonObject[] {
  if (!profile.dimensions.includes('connect')) return [];
  gaps.push({
    dimension: 'connect',
    message:
      'TCP connections to other ports are told, not refused; addresses, names and UDP are not looked at (target network-policy).',
  });
  const { peers } = peersOf(profile);
  const remote = peers.filter((peer) => peer.protocol === 'TCP' && !isLoopback(peer));
  const seen = new Set(remote.map(({ port }) => (port === '*' ? EPHEMERAL : port)));
  const ports = [...seen].sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
  const elsewhere = { index: 0, operator: 'NotDAddr', values: ['127.0.0.0/8', '::1/128'] };
  const others = ports.length === 0 ? [] : [{ index: 0, operator: 'NotDPort', values: ports }];
  return [
    {
      call: 'tcp_connect',
      syscall: false,
      args: [{ index: 0, type: 'sock' }],
      selectors: [{ matchArgs: [elsewhere, ...others], matchActions: [{ action: 'Post' }] }],
    },
  ];
}

/** Tells of calls that the profile does not hold; a runtime makes them while it starts a container, so none is refused. */
function privilegeProbes(profile: BehaviourProfile, gaps: ProfileGap[]): JsonObject[] {
  if (!profile.dimensions.includes('privilege')) return [];
  const held = new Set(objectsOf(profile, 'privilege').map((object) => object.split(' ')[0] ?? ''));
  const calls = PRIVILEGE_CALLS.filter((call) => !held.has(call));
  gaps.push({
    dimension: 'privilege',
    message: `${calls.join(', ')} are told, not refused: the container runtime makes the same calls while it starts a container. Gains by setuid are not looked at.`,
  });
  return calls.map((call) => ({
    call: `sys_${call}`,
    syscall: true,
    selectors: [{ matchActions: [{ action: 'Post' }] }],
  }));
}

function judge({ dimension, object }: Behaviour, programs: readonly string[]): Judgement {
  if (dimension !== 'exec' || programs.length === 0) return 'open';
  return object === '' || programs.includes(object) ? 'allowed' : 'refused';
}

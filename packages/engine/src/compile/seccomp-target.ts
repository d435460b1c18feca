import { type Behaviour, type BehaviourProfile, type JsonObject, PRIVILEGE_GUARDS } from '@breakwater/model';
import type { CompileTarget, Confinement, ConfineOptions, Judgement, ProfileGap } from './compile-target.ts';
import { gapsOfProfile } from './profile/subject.ts';
import { compileSeccomp, type SeccompProfile, seccompRefuses } from './seccomp/index.ts';

/** A seccomp profile as runtimes and kubelets read it: calls by which a container gets power that its profile lacks. */
export const SECCOMP: CompileTarget = {
  name: 'seccomp',
  summary: 'seccomp profile: calls that give power, refused by the kernel from the start of the container',
  format: 'json',
  refuses: [['privilege', 'syscall']],
  confine,
};

function confine(profile: BehaviourProfile, { step }: ConfineOptions): Confinement {
  const knowsPrivileges = profile.dimensions.includes('privilege');
  const compiled = compileSeccomp({ guards: knowsPrivileges ? PRIVILEGE_GUARDS : [], profile });
  const own: ProfileGap[] = compiled.gaps.map(({ message }) => ({
    dimension: 'privilege',
    message: `${capital(message)}.`,
  }));
  return {
    subject: profile.subject,
    objects: [(step === 'block' ? compiled.profile : telling(compiled.profile)) as unknown as JsonObject],
    edits: [],
    gaps: [
      ...gapsOfProfile(profile, ['privilege']),
      ...own,
      ...replaced(step, knowsPrivileges),
      {
        dimension: 'syscall',
        message: 'What gives no power is let, whether it was seen or not: no recording holds every call.',
      },
      { dimension: 'exec', message: 'It cannot say which programs may start, nor which files they open.' },
      { dimension: 'connect', message: 'It does not see addresses (target network-policy).' },
      { message: 'It holds from the start of a container: what runs already has to be started anew.' },
    ],
    judge: (behaviour) => judge(behaviour, compiled.profile),
  };
}

/** A container has one profile: ours stands in the place of the runtime's own, which refuses some of this already. */
function replaced(step: ConfineOptions['step'], knowsPrivileges: boolean): ProfileGap[] {
  if (step === 'block' && knowsPrivileges) return [];
  const what = knowsPrivileges
    ? 'in audit it tells of them and lets them. Try it where that may be, and not for long.'
    : 'without privileges in the profile it lets them. Leave RuntimeDefault until they are recorded.';
  return [
    {
      dimension: 'privilege',
      message: `It takes the place of RuntimeDefault, which refuses new namespaces and most calls that trace or reach into the kernel: ${what}`,
    },
  ];
}

/** The same, with what would be refused told in the kernel's log instead. */
const telling = (profile: SeccompProfile): SeccompProfile => ({
  ...profile,
  syscalls: profile.syscalls.map(({ errnoRet: _, ...rule }) =>
    rule.action === 'SCMP_ACT_ERRNO' ? { ...rule, action: 'SCMP_ACT_LOG' } : rule,
  ),
});

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** By the name of the call alone: which arguments it had, a behaviour says in words. */
function judge({ dimension, object }: Behaviour, profile: SeccompProfile): Judgement {
  const [name = '', ...words] = object.split(' ');
  if ((dimension !== 'privilege' && dimension !== 'syscall') || name === 'uid' || words.includes('failed'))
    return 'open';
  return seccompRefuses(profile, { name }) ? 'refused' : 'allowed';
}

/** One condition on an argument of a call (runtime-spec, config-linux.md, seccomp). */
export interface SeccompArgument {
  index: number;
  value: number;
  valueTwo?: number;
  op:
    | 'SCMP_CMP_NE'
    | 'SCMP_CMP_LT'
    | 'SCMP_CMP_LE'
    | 'SCMP_CMP_EQ'
    | 'SCMP_CMP_GE'
    | 'SCMP_CMP_GT'
    | 'SCMP_CMP_MASKED_EQ';
}

/** What becomes of calls of these names, where all conditions hold. */
export interface SeccompRule {
  names: string[];
  action: string;
  errnoRet?: number;
  args?: SeccompArgument[];
}

/** A seccomp profile as runtimes read it: `--security-opt seccomp=FILE`, `localhostProfile`, and `linux.seccomp` of a bundle. */
export interface SeccompProfile {
  defaultAction: string;
  defaultErrnoRet?: number;
  architectures?: string[];
  syscalls: SeccompRule[];
}

/** A call with arguments; those that are not given may be anything. */
export interface SystemCallSample {
  name: string;
  args?: readonly number[];
}

const LETS = new Set(['SCMP_ACT_ALLOW', 'SCMP_ACT_LOG', 'SCMP_ACT_TRACE', 'SCMP_ACT_NOTIFY']);

/**
 * Whether a profile refuses a call whatever else it says: where one of its rules may let it, the answer is no. For runtimes
 * several conditions on one argument are alternatives, as runc reads them.
 */
export function seccompRefuses(profile: SeccompProfile, call: SystemCallSample): boolean {
  const matches = profile.syscalls
    .filter(({ names }) => names.includes(call.name))
    .map((rule) => ({ lets: LETS.has(rule.action), match: matchOf(rule.args ?? [], call.args ?? []) }))
    .filter(({ match }) => match !== 'no');
  const isDecided = matches.some(({ match }) => match === 'yes');
  if (matches.some(({ lets }) => lets)) return false;
  return isDecided || !LETS.has(profile.defaultAction);
}

function matchOf(conditions: readonly SeccompArgument[], args: readonly number[]): 'yes' | 'no' | 'perhaps' {
  const answers = conditions.map((condition) => holds(condition, args[condition.index]));
  const areAlternatives = new Set(conditions.map(({ index }) => index)).size < conditions.length;
  if (areAlternatives) return answers.includes('yes') ? 'yes' : answers.includes('perhaps') ? 'perhaps' : 'no';
  return answers.includes('no') ? 'no' : answers.includes('perhaps') ? 'perhaps' : 'yes';
}

/** Values are of 64 bits in the kernel; those that are compared here have 32. */
function holds({ op, value, valueTwo = 0 }: SeccompArgument, argument: number | undefined): 'yes' | 'no' | 'perhaps' {
  if (argument === undefined) return 'perhaps';
  const answer = {
    SCMP_CMP_NE: argument !== value,
    SCMP_CMP_LT: argument < value,
    SCMP_CMP_LE: argument <= value,
    SCMP_CMP_EQ: argument === value,
    SCMP_CMP_GE: argument >= value,
    SCMP_CMP_GT: argument > value,
    SCMP_CMP_MASKED_EQ: (argument & value) >>> 0 === valueTwo >>> 0,
  }[op];
  return answer ? 'yes' : 'no';
}

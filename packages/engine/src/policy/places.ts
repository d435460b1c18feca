import type { Enforcement, Phase } from '@breakwater/model';
import type { CompiledPolicy } from './compiled-policy.ts';
import { UNSUPPLIED_FACTS } from './facts/facts.ts';

/** Who judges by a policy: `nobody` where it is not, or cannot be decided. */
export type Enforcer = 'ci-gate' | 'validating-admission-policy' | 'webhook' | 'sensor' | 'nobody';

/** What becomes of a policy in one phase. */
export interface PolicyPlace {
  phase: Phase;
  enforcement: Enforcement;
  by: Enforcer;
  /** As half a sentence. */
  why: string;
}

const WHOLE_ESTATE = 'takes all objects of the cluster: scan, rank and up judge by it, a request alone does not';

/** Facts that nobody has in a phase, each with who does. */
const ABSENT: Readonly<Record<Phase, Readonly<Record<string, string>>>> = {
  build: {
    request: 'only a request to the API server has',
    oldObject: 'only a request to the API server has',
    authorizer: 'only an API server can ask',
    identity: 'is only known of who asks',
  },
  deploy: {
    network: WHOLE_ESTATE,
    permissions: WHOLE_ESTATE,
    tenancy: WHOLE_ESTATE,
  },
  run: {
    request: 'only a request to the API server has',
    oldObject: 'only a request to the API server has',
    authorizer: 'only an API server can ask',
    identity: 'is only known of who asks',
  },
};

/**
 * Where a policy is enforced, for each of its phases.
 *
 * @param gaps why the API server cannot enforce it by itself; empty where it can.
 */
export function placesOf(compiled: CompiledPolicy, gaps: readonly string[]): PolicyPlace[] {
  const { phases, enforcement } = compiled.policy.spec;
  return phases.map((phase) => {
    const rung = enforcement[phase] ?? 'audit';
    return { phase, enforcement: rung, ...(undecidedIn(compiled, phase) ?? enforcerIn(compiled, phase, rung, gaps)) };
  });
}

type Enforced = Pick<PolicyPlace, 'by' | 'why'>;

/** What keeps everybody from deciding, if anything does. */
function undecidedIn({ facts, params, policy }: CompiledPolicy, phase: Phase): Enforced | undefined {
  const { events, operations } = policy.spec.match;
  if (events !== undefined && phase !== 'run') return { by: 'nobody', why: 'events only happen at run time' };
  if (events !== undefined) return undefined;
  for (const fact of UNSUPPLIED_FACTS) {
    if (facts.has(fact)) return { by: 'nobody', why: `it asks for ${fact}, which nothing supplies yet` };
  }
  for (const [fact, who] of Object.entries(ABSENT[phase])) {
    if (facts.has(fact)) return { by: 'nobody', why: `it asks for ${fact}, which ${who}` };
  }
  if (facts.has('params') && params === undefined) return { by: 'nobody', why: 'it asks for params and has none' };
  if (phase !== 'deploy' && operations?.includes('CREATE') === false) {
    return { by: 'nobody', why: `it is about requests that ${operations.join(' or ')}` };
  }
  return undefined;
}

const TOLD = 'what it finds is told';

function enforcerIn(
  { about, policy, language }: CompiledPolicy,
  phase: Phase,
  rung: Enforcement,
  gaps: readonly string[],
): Enforced {
  const refuses = rung === 'block';
  if (phase === 'build') {
    const what = about === 'image' ? 'images' : 'manifests';
    return {
      by: 'ci-gate',
      why: refuses ? `breakwater scan refuses ${what}` : `breakwater scan judges ${what}; ${TOLD}`,
    };
  }
  if (phase === 'run') {
    if (policy.spec.match.events !== undefined) {
      return { by: 'sensor', why: 'breakwater sensor tells it as it happens, breakwater detect of recorded events' };
    }
    return {
      by: 'nobody',
      why: `what runs is judged by breakwater scan cluster:NAME and up; ${TOLD}, and nothing is stopped`,
    };
  }
  if (language === 'ValidatingAdmissionPolicy')
    return { by: 'validating-admission-policy', why: 'it is one: the API server takes it as it is' };
  if (language !== undefined) return { by: 'webhook', why: `it is a ${language}, judged as it is` };
  if (gaps.length === 0) return { by: 'validating-admission-policy', why: 'the API server has all that it asks for' };
  return { by: 'webhook', why: gaps[0] ?? '' };
}

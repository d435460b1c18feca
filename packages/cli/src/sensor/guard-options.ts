import { readFileSync, writeFileSync } from 'node:fs';
import type { LadderSettings } from '@breakwater/engine/prevention';
import { BehaviourProfile, GuardName, PRIVILEGE_GUARDS, UserError } from '@breakwater/model';
import type { Guard, GuardStep, Permit } from '@breakwater/sensor/guards';
import type { Command, Invocation } from '../command.ts';
import { readCount } from '../options.ts';
import type { LearnedSource } from './learned-guards.ts';

/** Options by which the sensor guards containers. */
export const GUARD_OPTIONS: Command['options'] = {
  audit: {
    type: 'string',
    multiple: true,
    value: 'GUARDS',
    help: `Only tell of them: ${GuardName.options.slice(0, 5).join(', ')}, privileges, all`,
  },
  block: { type: 'string', multiple: true, value: 'GUARDS', help: 'Stop it' },
  allow: {
    type: 'string',
    multiple: true,
    value: 'PEER',
    help: 'ADDRESS[/BITS][:PORT], or the path of a socket (repeatable)',
  },
  profile: {
    type: 'string',
    value: 'FILE',
    help: 'Behaviours that are let; `learned`: what `up` on this host learned',
  },
  ladder: {
    type: 'string',
    value: 'SECONDS',
    help: 'Tell first, stop after so long twice, in few containers first; back where there is trouble',
  },
  first: { type: 'string', value: 'COUNT', help: 'Containers in which the ladder stops at first (default: 5)' },
  'most-refusals': { type: 'string', value: 'COUNT', help: 'In a minute, before the ladder goes back (default: 20)' },
  readiness: {
    type: 'string',
    value: 'CONTEXT',
    help: 'Cluster (or in-cluster): pods of this node that are not ready take the ladder back',
  },
  kubeconfig: { type: 'string', multiple: true, value: 'FILE', help: 'Kubeconfig for --readiness' },
  'write-seccomp': {
    type: 'string',
    value: 'FILE',
    help: 'Write the seccomp profile that holds the guards from a start on, and end (- for stdout)',
  },
};

/** What was asked for: how far each guard goes, and what is let. */
export interface AskedGuards {
  guard: Guard;
  profile: BehaviourProfile | undefined;
  /** Learned profiles, of which each container has its own, in the place of `profile`. */
  learned: LearnedSource | undefined;
  ladder: LadderSettings | undefined;
  /** What of the profile cannot be told apart, as sentences. */
  gaps: string[];
}

/** @throws {UserError} where a guard, a peer or the profile is not understood */
export async function readGuards(invocation: Invocation): Promise<AskedGuards> {
  const { options } = invocation;
  const { parsePeer, permitsOfProfile } = await import('@breakwater/sensor/guards');
  const steps: Partial<Record<GuardName, GuardStep>> = {};
  for (const step of ['audit', 'block'] as const) for (const name of namesIn(invocation, step)) steps[name] = step;
  const path = options['profile'] as string | undefined;
  const { profile, learned } = path === undefined ? {} : await readProfile(path, invocation.state);
  if (learned !== undefined && Object.keys(steps).length === 0)
    for (const name of GuardName.options) steps[name] = 'block';
  const fromProfile = profile === undefined ? undefined : permitsOfProfile(profile);
  const allow = (options['allow'] as string[] | undefined) ?? [];
  const sockets = allow.filter((text) => text.startsWith('/'));
  const peers = allow.filter((text) => !text.startsWith('/'));
  if (peers.length > 0 && steps.connections === undefined) throw allowsNothing('connections');
  if (sockets.length > 0 && steps.sockets === undefined) throw allowsNothing('sockets');
  if (steps.starts !== undefined && path === undefined)
    throw new UserError('The guard starts stops what a profile does not hold, and none is named.', {
      code: 'option-missing',
      hint: 'Add --profile FILE, or leave starts out.',
    });
  const permits: Permit[] = sockets.flatMap((object) => [
    { guard: 'sockets', object },
    { guard: 'sockets', object, isText: true },
  ]);
  const guard: Guard = {
    ...steps,
    allowed: [...peers.map(parsePeer), ...(fromProfile?.allowed ?? [])],
    permits: [...permits, ...(fromProfile?.permits ?? [])],
  };
  return { guard, profile, learned, ladder: await ladderOf(invocation), gaps: fromProfile?.gaps ?? [] };
}

function namesIn({ options }: Invocation, step: GuardStep): GuardName[] {
  const words = ((options[step] as string[] | undefined) ?? []).flatMap((text) => text.split(','));
  return words.flatMap((word) => {
    if (word === 'all')
      return GuardName.options.filter((name) => name !== 'starts' || options['profile'] !== undefined);
    if (word === 'privileges') return [...PRIVILEGE_GUARDS];
    const name = GuardName.safeParse(word);
    if (name.success) return [name.data];
    throw new UserError(`--${step} knows no guard '${word}'.`, {
      code: 'option-invalid',
      hint: `Guards are ${GuardName.options.join(', ')}; privileges and all name several.`,
    });
  });
}

const allowsNothing = (guard: GuardName): UserError =>
  new UserError('--allow says what is let, and nothing says what becomes of the rest.', {
    code: 'option-missing',
    hint: `Add --audit ${guard}, or --block ${guard}.`,
  });

/** A plain set of behaviours, or what was learned. */
async function readProfile(path: string, state: string): Promise<Partial<Pick<AskedGuards, 'profile' | 'learned'>>> {
  if (path === 'learned') {
    const { learnedStore } = await import('./learned-store.ts');
    return { learned: await learnedStore(state, (line) => process.stderr.write(`${line}\n`)) };
  }
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    const { isLearned, learnedFile } = await import('./learned-guards.ts');
    return isLearned(value) ? { learned: learnedFile(path) } : { profile: BehaviourProfile.parse(value) };
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    throw new UserError(`${path} could not be read as a profile.`, {
      code: 'profile-invalid',
      hint: 'It is a JSON object with subject, origin, dimensions and behaviours: docs/guide/sensor.md shows one.',
      cause,
    });
  }
}

async function ladderOf(invocation: Invocation): Promise<LadderSettings | undefined> {
  const { options } = invocation;
  if (options['ladder'] === undefined) {
    const stray = ['first', 'most-refusals', 'readiness'].find((name) => options[name] !== undefined);
    if (stray === undefined) return undefined;
    throw new UserError(`--${stray} is about the ladder, and there is none.`, {
      code: 'option-missing',
      hint: 'Add --ladder SECONDS.',
    });
  }
  const { DEFAULT_LADDER } = await import('@breakwater/engine/prevention');
  return {
    ...DEFAULT_LADDER,
    hold: 1000 * readCount(invocation, 'ladder', 1),
    ...(options['first'] !== undefined && { firstContainers: readCount(invocation, 'first', 1) }),
    ...(options['most-refusals'] !== undefined && { mostDecisions: readCount(invocation, 'most-refusals', 0) }),
  };
}

/** Writes what a container is to be started with; what it leaves to the sensor, as lines. */
export async function writeSeccomp(path: string, { guard, profile, learned }: AskedGuards): Promise<string[]> {
  if (learned !== undefined) {
    await learned.close?.();
    throw new UserError('A learned profile is compiled by what is settled in it.', {
      code: 'option-invalid',
      hint: 'breakwater policy compile --to seccomp --step block PROFILE > FILE',
    });
  }
  const { compileSeccomp } = await import('@breakwater/engine/compile/seccomp');
  const asked = GuardName.options.filter((name) => guard[name] !== undefined);
  const guards = asked.length > 0 ? asked : PRIVILEGE_GUARDS;
  const { profile: compiled, gaps, noNewPrivileges } = compileSeccomp({ guards, ...(profile && { profile }) });
  const text = `${JSON.stringify(compiled, undefined, 2)}\n`;
  if (path === '-') process.stdout.write(text);
  else writeFileSync(path, text);
  const start = ['--security-opt', `seccomp=${path === '-' ? 'FILE' : path}`];
  if (noNewPrivileges) start.push('--security-opt', 'no-new-privileges');
  return [
    `Start the container with ${start.join(' ')}; in Kubernetes with seccompProfile.localhostProfile${noNewPrivileges ? ' and allowPrivilegeEscalation: false' : ''}.`,
    ...gaps.map(({ guard: name, whole, message }) => `${whole ? 'not in it' : 'in part'}  ${name}: ${message}`),
  ];
}

import { existsSync, readFileSync } from 'node:fs';
import { type CompiledProfile, compileProfiles } from '@breakwater/app/profiles';
import type { CompileTarget, Observed, ProfileGap, Replay } from '@breakwater/engine/compile';
import { type Behaviour, type LearnedProfile, type Unknown, UserError } from '@breakwater/model';
import { yamlDocuments } from '@breakwater/outputs/formats';
import { EXIT, type Invocation } from '../command.ts';
import { outputOption } from '../options.ts';
import { countOf } from '../terminal/count-of.ts';
import { withPlace } from '../terminal/describe-unknowns.ts';
import { green, plain, red, yellow } from '../terminal/style.ts';
import { outputWidth, wrapColumns } from '../terminal/table.ts';
import type { PolicyAction } from './action.ts';
import { compilePolicies, targetNamed } from './compile-policies.ts';
import { printJson } from './show-unusable.ts';

/** Refused behaviours that are shown one by one. */
const SHOWN = 10;

/** Compiles profiles (files) or policies (names) to what others enforce: documents to stdout, what they cannot say to stderr. */
export const compileTo: PolicyAction = async (invocation, words) => {
  const target = targetNamed(invocation.options['to'] as string | undefined);
  const { files, subjects } = splitWords(words);
  if (files.length + subjects.length === 0) return await compilePolicies(invocation, target, words);
  if (files.length + subjects.length < words.length) {
    const missing = words.filter((word) => !files.includes(word) && !subjects.includes(word)).join(', ');
    throw new UserError(`${missing}: no such file. Policies and profiles are compiled one kind at a time.`, {
      code: 'file-missing',
    });
  }
  return await compileFiles(invocation, target, files, await learnedOf(invocation, subjects));
};

/** Files, and workloads that the store may have learned of. */
export function splitWords(words: readonly string[]): { files: string[]; subjects: string[] } {
  const files = words.filter((word) => existsSync(word));
  return { files, subjects: words.filter((word) => !files.includes(word) && WORKLOAD.test(word)) };
}

/** A workload as profiles name it. */
const WORKLOAD = /^[^/\s]+\/[A-Z][A-Za-z]*\/[^/\s]+$/;

/** What the store learned of workloads. @throws {UserError} where it knows one of them not */
export async function learnedOf({ state }: Invocation, subjects: readonly string[]): Promise<LearnedProfile[]> {
  if (subjects.length === 0) return [];
  const { openEstateStore } = await import('../up/open-estate-store.ts');
  const store = await openEstateStore(state);
  try {
    const all = await store.behaviour.described();
    return subjects.flatMap((subject) => {
      const own = all.filter((one) => one.subject === subject);
      if (own.length > 0) return own;
      throw new UserError(`Nothing was learned of ${subject}.`, {
        code: 'profile-missing',
        hint: 'Events of it have to reach breakwater up first; files of events or profiles can be named instead.',
      });
    });
  } finally {
    await store.close();
  }
}

async function compileFiles(
  invocation: Invocation,
  target: CompileTarget,
  files: string[],
  learned: readonly LearnedProfile[],
): Promise<number> {
  const { options, signal } = invocation;
  const { confine } = target;
  if (confine === undefined) {
    throw new UserError(`${target.name} is compiled from policies, not from profiles.`, { code: 'target-of-policies' });
  }
  const output = outputOption(invocation, ['table', 'json']);
  const { compiled, unknowns } = await compileProfiles(files, {
    target: { ...target, confine },
    now: new Date().toISOString(),
    learned,
    step: stepOf(invocation),
    manifests: textsOf(invocation, 'manifest'),
    replay: textsOf(invocation, 'replay'),
    selector: selectorOf(invocation),
    namespace: textsOf(invocation, 'namespace')[0],
    readText: (path) => readFileSync(path, 'utf8'),
    signal,
  });
  if (output === 'json') printJson({ compiled: compiled.map(asJson), unknowns });
  else await print(compiled, unknowns, { format: target.format, isQuiet: options['quiet'] === true });
  if (compiled.some(({ replay }) => replay.refused.length > 0)) return EXIT.refused;
  const isWritten = compiled.some(({ confinement }) => confinement.objects.length + confinement.edits.length > 0);
  return isWritten && unknowns.length === 0 ? EXIT.passed : EXIT.unknown;
}

/** Every value of an option that may be given several times. */
export const textsOf = ({ options }: Invocation, name: string): string[] =>
  (options[name] as string[] | undefined) ?? [];

function stepOf({ options }: Invocation): 'audit' | 'block' {
  const step = options['step'] ?? 'audit';
  if (step === 'audit' || step === 'block') return step;
  throw new UserError(`--step takes audit or block, not '${String(step)}'.`, { code: 'option-invalid' });
}

/** Labels that were given. @throws {UserError} for what is none */
export function selectorOf(invocation: Invocation): Record<string, string> | undefined {
  const labels = textsOf(invocation, 'selector').flatMap((text) => text.split(','));
  if (labels.length === 0) return undefined;
  const pairs = labels.map((label) => {
    const [, key, value] = /^([A-Za-z0-9./_-]{1,317})=([A-Za-z0-9._-]{0,63})$/.exec(label) ?? [];
    if (key !== undefined && value !== undefined) return [key, value] as const;
    throw new UserError(`--selector takes labels such as app=web, not '${label}'.`, { code: 'option-invalid' });
  });
  return Object.fromEntries(pairs);
}

function asJson({ confinement, replay, patch, issued }: CompiledProfile): object {
  const { subject, objects, gaps } = confinement;
  const { armed, watched, held, version } = issued ?? {};
  return {
    subject,
    objects,
    ...(patch === undefined ? {} : { patch: patch.patch, notes: patch.notes }),
    gaps,
    armed,
    watched,
    held,
    version,
    replay,
  };
}

async function print(
  compiled: CompiledProfile[],
  unknowns: Unknown[],
  { format, isQuiet }: { format: CompileTarget['format']; isQuiet: boolean },
): Promise<void> {
  const objects = compiled.flatMap(({ confinement }) => confinement.objects);
  if (format === 'json') for (const object of objects) printJson(object);
  else if (objects.length > 0) process.stdout.write(await yamlDocuments(objects));
  for (const { patch } of compiled) if (patch !== undefined) process.stdout.write(patch.patch);
  if (isQuiet) return;
  const width = Math.min(outputWidth(), 100);
  const rows = [
    ...compiled.flatMap(describe),
    ...unknowns.map(({ message, place }) => [yellow('unknown'), withPlace(message, place)]),
  ];
  process.stderr.write(`${wrapColumns(rows, width).join('\n')}\n`);
}

function describe({ confinement, replay, patch, issued }: CompiledProfile): string[][] {
  const { subject, gaps } = confinement;
  return [
    ['', plain(subject)],
    ...(issued?.armed ?? []).map((dimension) => [
      green(dimension),
      'Settled: what the profile does not hold is refused.',
    ]),
    ...(issued?.watched ?? []).map(({ dimension, note }) => [yellow(dimension), plain(`Left open: ${note}.`)]),
    ...gaps.map(({ dimension, message }: ProfileGap) => [yellow(dimension ?? 'all'), plain(message)]),
    ...(patch?.notes ?? []).map((note) => [yellow('manifest'), plain(note)]),
    ...describeReplay(replay),
    ...describeHeld(issued?.held ?? []),
  ];
}

function describeReplay({ observed, judged, refused }: Replay): string[][] {
  const count = refused.reduce((sum, one) => sum + one.count, 0);
  const looks =
    judged === observed ? 'all of which it looks at' : `of which it looks at ${judged.toLocaleString('en')}`;
  const mark = count === 0 ? green('replay') : red('replay');
  return [
    [mark, `It would have refused ${count} of ${countOf(observed, 'observed behaviour')}, ${looks}.`],
    ...refused.slice(0, SHOWN).map((one) => [red('refused'), `${spell(one.behaviour)} (${one.count} times)`]),
    ...(refused.length > SHOWN ? [[red('refused'), `and ${refused.length - SHOWN} more (--output json)`]] : []),
  ];
}

/** What was seen and is not let: it awaits witnesses, is never absorbed, or belongs to an incident. */
function describeHeld(held: readonly Observed[]): string[][] {
  return held
    .slice(0, SHOWN)
    .map((one) => [
      yellow('held'),
      `${spell(one.behaviour)} (${one.count} times) is pending in the profile, and refused`,
    ]);
}

function spell({ dimension, actor, access, object }: Behaviour): string {
  const who = actor === '' ? 'the container runtime' : actor;
  return plain([who, dimension, access ?? '', object].filter(Boolean).join(' '));
}

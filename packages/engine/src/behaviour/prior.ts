import type { Behaviour, BehaviourProfile, LearnedProfile, ReleaseFacts } from '@breakwater/model';
import { behaviourText } from './behaviour-key.ts';
import type { Prior, PriorBehaviour } from './learning/known-before.ts';
import { type NamedProgram, programFinder } from './prior-programs.ts';
import { userObject } from './privilege-object.ts';
import { startedPrograms } from './started-programs.ts';

/**
 * What an image and a manifest say that a container will do: the programs that its command line, probes and hooks start,
 * the user that they run as, and that the last of them, which is the application, listens and connects as declared. Files,
 * volumes and capabilities are not listed one by one: the release itself explains them.
 */
export function declaredPrior(facts: ReleaseFacts): Prior {
  const told = new Told();
  const find = programFinder(facts);
  const uid = userOf(facts.user);
  const commandLine = [...facts.entrypoint, ...facts.command];
  const programs = namedPrograms(commandLine, find);
  // A script may hand over to what its arguments name.
  const [parameter] = facts.entrypoint.length > 0 ? facts.command : [];
  const handed = parameter === undefined || parameter.startsWith('-') ? undefined : find(parameter);
  if (handed !== undefined && !programs.some(({ path }) => path === handed.path)) programs.push(handed);
  for (const [index, program] of programs.entries()) {
    const starters = programs.slice(0, index);
    const why = index === 0 ? 'starts it first' : `starts it by ${programs[index - 1]!.path}`;
    told.start(program, starters, `the image or the manifest ${why}`);
    told.user(program, uid, `the image or the manifest says that it runs as ${facts.user || 'root'}`);
  }
  for (const name of facts.probes) {
    const program = find(name);
    if (program === undefined) continue;
    told.start(program, [], `the manifest runs ${name} as a probe or hook`);
    told.user(program, uid, `the manifest runs ${name} as a probe or hook`);
  }
  const application = programs.at(-1);
  if (application !== undefined) {
    for (const port of facts.ports)
      told.act(application, 'listen', port, `the image or the manifest declares port ${port}`);
    for (const peer of facts.peers)
      if (peer.includes(':')) told.act(application, 'connect', `${peer}/TCP`, `its configuration names ${peer}`);
  }
  return { behaviours: told.all() };
}

/** What was recorded of an image before, as something that is known from the first moment on. */
export function recordedPrior(profile: BehaviourProfile | LearnedProfile, by = "the image's own tests did so"): Prior {
  const behaviours = profile.behaviours.map((one) => ('behaviour' in one ? one.behaviour : one));
  return { behaviours: behaviours.map((behaviour) => ({ behaviour, origin: 'recorded', reason: by })) };
}

/** Several as one. */
export function joinPriors(...priors: readonly Prior[]): Prior {
  return { behaviours: priors.flatMap(({ behaviours }) => behaviours) };
}

/** Number of `101`, `101:101` or `root`, which is who runs where nobody is named; undefined for other names. */
function userOf(written = ''): number | undefined {
  const [user = ''] = written.split(':');
  if (user === '' || user === 'root') return 0;
  return /^\d+$/.test(user) ? Number(user) : undefined;
}

function namedPrograms(
  commandLine: readonly string[],
  find: (name: string) => NamedProgram | undefined,
): NamedProgram[] {
  const found = new Map<string, NamedProgram>();
  for (const name of startedPrograms(commandLine)) {
    const program = find(name);
    if (program !== undefined) found.set(`${program.path} ${program.applet}`, program);
  }
  return [...found.values()];
}

/** A script, and what runs it: events may name either. */
const namesOf = (program: NamedProgram): NamedProgram[] =>
  program.interpreter === undefined ? [program] : [program, ...namesOf(program.interpreter)];

class Told {
  readonly #behaviours = new Map<string, PriorBehaviour>();

  /** By the container's runtime, or any of those before it: whoever hands over may stay or be replaced. */
  start(program: NamedProgram, starters: readonly NamedProgram[], reason: string): void {
    const actors = ['', ...starters.flatMap(namesOf).map(({ path }) => path)];
    for (const actor of new Set(actors)) {
      for (const { path, applet } of namesOf(program)) {
        this.#add(
          { dimension: 'exec', actor, parent: '', object: path, ...(applet !== undefined && { applet }) },
          reason,
        );
      }
    }
  }

  user(program: NamedProgram, uid: number | undefined, reason: string): void {
    if (uid !== undefined) this.act(program, 'privilege', userObject(uid), reason);
  }

  act(program: NamedProgram, dimension: Behaviour['dimension'], object: string, reason: string): void {
    for (const { path, applet } of namesOf(program)) {
      this.#add({ dimension, actor: path, parent: '', object, ...(applet !== undefined && { applet }) }, reason);
    }
  }

  #add(behaviour: Behaviour, reason: string): void {
    const text = behaviourText(behaviour);
    if (!this.#behaviours.has(text)) this.#behaviours.set(text, { behaviour, origin: 'declared', reason });
  }

  all = (): PriorBehaviour[] => [...this.#behaviours.values()];
}

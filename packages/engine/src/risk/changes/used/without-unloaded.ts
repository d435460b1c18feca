import type { Component, Dockerfile, TextEdit } from '@breakwater/model';
import type { EstateFacts } from '../../graph/index.ts';
import { nodeOf, type Proposal, type Proposer } from '../proposal.ts';
import { type UsedImage, usedImages } from '../upgrades.ts';

/** A package that nothing ran or loaded, and for how long that was watched. */
interface Unloaded {
  component: Component;
  days: number;
}

type Manager = 'deb' | 'apk';

/**
 * How a package goes that somebody asked for, and with it what only it needed. What others need stays, so that nothing breaks
 * that is not known here: which packages need which, no image says to us.
 */
const REMOVALS: Readonly<Record<Manager, (names: string) => string>> = {
  deb: (names) => `RUN apt-mark auto ${names} && apt-get autoremove -y --purge && rm -rf /var/lib/apt/lists/*`,
  apk: (names) => `RUN apk del --no-cache ${names}`,
};
const INSTALLS: Readonly<Record<Manager, RegExp>> = {
  deb: /\b(?:apt-get|apt|aptitude)\b[^&|;]{0,200}\binstall\b/,
  apk: /\bapk\b[^&|;]{0,200}\badd\b/,
};
const NAME = /^[a-z0-9][a-z0-9+.-]*$/i;
/** What they hold is read as data, which is not told apart here. */
const DATA: ReadonlySet<string> = new Set([
  'ca-certificates',
  'ca-certificates-bundle',
  'tzdata',
  'base-files',
  'locales',
]);
const SHOWN = 8;

/**
 * Leaves packages of the distribution out of an image that were never run or loaded while everything was watched without loss:
 * those that its recipe asks for by a line behind it, the others by advice. What runs depends on none of their code; that they
 * are needed for what comes once a month is for the image's tests to tell.
 */
export const proposeWithoutUnloaded: Proposer = (facts) =>
  usedImages(facts).flatMap((used) => {
    const unloaded = unloadedOf(facts, used);
    const vulnerable = new Set((facts.vulnerabilities.get(used.image.id) ?? []).map(({ component }) => component));
    const recipe = facts.dockerfiles?.get(used.reference);
    const asked = recipe === undefined ? [] : askedFor(recipe, unloaded);
    if (recipe !== undefined && asked.length > 0) return proposalOf(used, asked, lineBehind(recipe, asked));
    const worth = unloaded.filter(({ component }) => vulnerable.has(component.id));
    return worth.length === 0 ? [] : proposalOf(used, worth, []);
  });

function unloadedOf({ evidence }: EstateFacts, { image }: UsedImage): Unloaded[] {
  const known = evidence.get(image.id);
  const loaded = image.components.filter(({ id }) => ['executed', 'loaded'].includes(known?.get(id)?.state ?? ''));
  return image.components.flatMap((component) => {
    const { state, observedDays } = known?.get(component.id) ?? { state: 'cannot-tell', observedDays: 0 };
    const { type, name } = component;
    if (state !== 'not-seen' || (type !== 'deb' && type !== 'apk') || DATA.has(name) || !NAME.test(name)) return [];
    // `python3` holds hardly more than the wish for `python3.11`.
    const isWish = loaded.some((other) => other.name.startsWith(name) || other.name.startsWith(`lib${name}`));
    return isWish ? [] : [{ component, days: observedDays }];
  });
}

/** Those that an instruction of the recipe names beside the word that installs. */
function askedFor({ instructions }: Dockerfile, unloaded: readonly Unloaded[]): Unloaded[] {
  const words = (type: Manager): Set<string> =>
    new Set(
      instructions.flatMap(({ keyword, value }) =>
        keyword === 'RUN' && INSTALLS[type].test(value)
          ? value.split(/[\s&;|\\]+/).map((word) => word.split(/[=<>~]/)[0]!)
          : [],
      ),
    );
  const named = { deb: words('deb'), apk: words('apk') };
  return unloaded.filter(({ component: { type, name } }) => named[type as Manager].has(name));
}

/** A line behind the last instruction that installs, where the user is still one who may; none where nothing follows it. */
function lineBehind({ path, instructions }: Dockerfile, asked: readonly Unloaded[]): TextEdit[] {
  return (['deb', 'apk'] as const).flatMap((type): TextEdit[] => {
    const names = asked.filter(({ component }) => component.type === type).map(({ component }) => component.name);
    const at = instructions.findLastIndex(({ keyword, value }) => keyword === 'RUN' && INSTALLS[type].test(value));
    const next = instructions[at + 1];
    if (names.length === 0 || at < 0 || next === undefined) return [];
    const lines = [REMOVALS[type]([...new Set(names)].sort().join(' '))];
    return [{ target: 'text', path, line: next.line - 1, operation: 'insert-after', lines }];
  });
}

function proposalOf(
  { image, reference, workloads }: UsedImage,
  unloaded: readonly Unloaded[],
  edits: TextEdit[],
): Proposal {
  const names = [...new Set(unloaded.map(({ component }) => component.name))].sort();
  const days = Math.min(...unloaded.map((one) => one.days));
  const packages = names.length === 1 ? `package ${names[0]}` : `${names.length} packages`;
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : '';
  const how =
    edits.length > 0
      ? 'The line takes what was asked for and what only that needed; what others need stays.'
      : 'Build it in stages and copy what runs into a smaller base, or take them out where they are installed: its recipe asks for none of them, or is not among the files given.';
  const gone = new Set(unloaded.map(({ component }) => component.id));
  return {
    change: {
      id: `without-unloaded:${image.id}`,
      title: `Leave ${packages} that nothing loaded out of image ${reference}`,
      detail:
        `Watched without loss for ${days} ${days === 1 ? 'day' : 'days'}, nothing ran or loaded ${names.slice(0, SHOWN).join(', ')}${more}. ` +
        `${how} What comes once a month may need them: let the image's tests tell. The image has to be built and rolled out anew.`,
      workloads,
      edits,
      afterRebuild: true,
    },
    cuts: workloads.map((workload) => ({ to: nodeOf({ id: workload }), kinds: ['exploit', 'entry'] })),
    ...(edits.length > 0 && { restsOnUse: true as const }),
    revise: (facts) => ({
      ...facts,
      vulnerabilities: new Map(facts.vulnerabilities).set(
        image.id,
        (facts.vulnerabilities.get(image.id) ?? []).filter(({ component }) => !gone.has(component)),
      ),
    }),
    alike: [
      { key: 'without-unloaded', title: (of) => `Leave packages that nothing loaded out of the images of ${of}` },
    ],
  };
}

import type { Detection } from '@breakwater/engine/policy/events';
import {
  type Dockerfile,
  type EventProcess,
  formatPlace,
  formatStep,
  originOf,
  type RuntimeEvent,
} from '@breakwater/model';
import type { Surroundings } from './estate-surroundings.ts';

type Instruction = Dockerfile['instructions'][number];

/** Steps of an identity that are told; those beyond are counted. */
const MOST_STEPS = 3;

/**
 * What build and deploy know of a detection, a sentence each: the program and where it comes from, the image, the workload with
 * who can reach it, what its identity may do, and why it matters. Says what is not known where it would matter.
 */
export function tellStory({ event, policy }: Detection, surroundings: Surroundings): string[] {
  return [
    ...programStory(event, surroundings),
    ...imageStory(event, surroundings),
    ...workloadStory(surroundings),
    ...identityStory(surroundings),
    policy.spec.why,
  ];
}

function programStory(event: RuntimeEvent, { componentsOf, image, dockerfile }: Surroundings): string[] {
  const { process: actor } = event;
  if (actor === undefined || actor.path === '') return [];
  if (actor.fileless) return [`${nameOf(actor)} is in no folder: it ran from memory.`];
  if (actor.inImage === false) return [`${actor.path} is not in the image: it came after the container was started.`];
  const [component] = componentsOf?.(actor.path) ?? [];
  if (component === undefined || image === undefined) return [];
  const origin = originOf(image, component);
  const what = `${actor.path} is of ${component.name} ${component.version}`.trimEnd();
  if (origin === undefined) return [`${what}.`];
  const base = origin.fromBase ? ` of the base image${origin.baseName === undefined ? '' : ` ${origin.baseName}`}` : '';
  const place = origin.step === undefined ? undefined : lineOf(origin.step, dockerfile);
  const step = origin.step === undefined ? '' : `: ${origin.step}`;
  return [`${what}, which came with layer ${origin.layer}${base}${step}${place === undefined ? '' : ` [${place}]`}.`];
}

const nameOf = ({ path, applet }: EventProcess): string => applet ?? path;

/** Where a Dockerfile has the step that made a layer: builders write the same instruction with other spaces. */
function lineOf(step: string, dockerfile: Dockerfile | undefined): string | undefined {
  const wanted = oneLine(step);
  const found = dockerfile?.instructions.find(({ keyword, value }) => {
    const written = oneLine(`${keyword.toUpperCase()} ${value}`);
    return written === wanted || (wanted.length > 20 && written.startsWith(wanted));
  });
  return placeIn(dockerfile, found ?? copiedBy(wanted, dockerfile));
}

/** Buildah and older Docker write the digest of what they copied: where one instruction copies to that place, it is it. */
function copiedBy(step: string, dockerfile: Dockerfile | undefined): Instruction | undefined {
  const [, keyword, target] = /^(COPY|ADD) (?:file|dir|multi):\S+ in (\S+)$/.exec(step) ?? [];
  if (keyword === undefined || target === undefined) return undefined;
  const same = dockerfile?.instructions.filter(
    (one) => one.keyword.toUpperCase() === keyword && oneLine(one.value).split(' ').at(-1) === target,
  );
  return same?.length === 1 ? same[0] : undefined;
}

function placeIn(dockerfile: Dockerfile | undefined, found: Instruction | undefined): string | undefined {
  return found && dockerfile && formatPlace({ source: dockerfile.path, line: found.line });
}

const oneLine = (text: string): string => formatStep(text).replaceAll('\\\n', ' ').split(/\s+/).join(' ').trim();

function imageStory({ container }: RuntimeEvent, { image, dockerfile }: Surroundings): string[] {
  const name = container?.image ?? image?.references[0] ?? image?.target;
  if (name === undefined) return [];
  const recipe = dockerfile === undefined ? '' : `, built by ${dockerfile.path}`;
  const digest = image?.id ?? container?.imageDigest;
  const unread = image === undefined ? '; what it holds was not read' : '';
  return [
    `It runs image ${name}${digest === undefined || name.includes(digest) ? '' : ` (${digest.slice(0, 19)})`}${recipe}${unread}.`,
  ];
}

function workloadStory({ definition, exposure = [] }: Surroundings): string[] {
  if (definition === undefined) return [];
  const { kind, namespace, name, definitions } = definition;
  const place = definitions[0] === undefined ? '' : `, defined in ${formatPlace(definitions[0])}`;
  const [way, ...more] = exposure.toSorted((a, b) => Number(b.from === 'internet') - Number(a.from === 'internet'));
  const from = way?.from === 'internet' ? 'the Internet' : 'the network of the nodes';
  const reach =
    way === undefined
      ? 'No way in from outside of the cluster is known.'
      : `It is reachable from ${from} ${way.phrase}${moreWays(more.length)}.`;
  return [`It is ${kind} ${namespace}/${name}${place}. ${reach}`];
}

const moreWays = (count: number): string =>
  count === 0 ? '' : ` and in ${count === 1 ? 'one more way' : `${count} more ways`}`;

function identityStory({ definition, identity }: Surroundings): string[] {
  if (definition === undefined) return [];
  if (identity === undefined) return ['Its pods hold no token of a service account.'];
  const told = [...new Set(identity.steps.map(({ phrase }) => phrase))];
  if (told.length === 0) return [`Its pods hold the token of ${identity.name}, which opens nothing that is known.`];
  const more = told.length > MOST_STEPS ? `, and ${told.length - MOST_STEPS} more` : '';
  return [`Its pods hold the token of ${identity.name}, which ${told.slice(0, MOST_STEPS).join('; ')}${more}.`];
}

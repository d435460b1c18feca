import type { IncidentSign, KnownOfSign } from '@breakwater/engine/incident';
import type { Finding, IncidentFact } from '@breakwater/model';
import type { AssessedWorkload } from '../assessment/assessment.ts';
import type { AssessmentView } from '../assessment/view.ts';
import { findWorkload } from './find-workload.ts';

/** What build and deploy know of signs, from the newest assessment. */
export type KnownOf = (sign: IncidentSign) => Promise<KnownOfSign>;

/** Subjects whose facts are kept in mind. */
const MOST_KEPT = 2_000;
const MOST_TOLD = 3;
/** Findings that are looked through for those that attackers use; those that matter come first. */
const LOOKED_THROUGH = 500;

/**
 * Facts of a sign's workload and image that make an incident graver or less grave, with the reason; and what of it is not
 * known. `fixOf` gives what a policy says of how it is mended. Answers are kept until there is a newer assessment.
 */
export function knownOfEstate(view: AssessmentView, fixOf: (policy: string) => string | undefined): KnownOf {
  let time = '';
  const kept = new Map<string, Promise<Pick<KnownOfSign, 'facts' | 'unknowns'>>>();
  return async (sign) => {
    const now = (await view.summary())?.time ?? '';
    if (now !== time || kept.size > MOST_KEPT) kept.clear();
    time = now;
    const { pod, container, alert } = sign.event;
    const key = [sign.subject, pod?.cluster, container?.image].join('\0');
    const found = kept.get(key) ?? factsOf(view, sign, time);
    kept.set(key, found);
    // What could not be read now may be read the next time.
    found.catch(() => kept.get(key) === found && kept.delete(key));
    const fix = alert === undefined ? undefined : fixOf(alert.rule);
    const { facts, unknowns } = await found;
    const { subject } = sign;
    const all = [...facts, ...storyFacts(sign, facts)].map((one) => ({ ...one, subject }));
    return { facts: all, unknowns, ...(fix !== undefined && { fix }) };
  };
}

async function factsOf(
  view: AssessmentView,
  sign: IncidentSign,
  time: string,
): Promise<Pick<KnownOfSign, 'facts' | 'unknowns'>> {
  if (time === '')
    return { facts: [], unknowns: ['Where it is exposed and what its identity may do: no estate was read.'] };
  const workload = await findWorkload(view, sign.subject, sign.event);
  if (workload === undefined)
    return {
      facts: [],
      unknowns: [`What build and deploy know of ${sign.subject}: it is not in the estate that was read.`],
    };
  const unread = workload.ranked.images.filter(({ image }) => image === undefined).map(({ reference }) => reference);
  return {
    facts: [
      ...exposureFacts(workload),
      ...powerFacts(workload),
      ...identityFacts(workload),
      ...(await componentFacts(view, workload, time)),
      rankFact(workload),
    ],
    unknowns: unread.map((reference) => `What image ${reference} holds: it was not read.`),
  };
}

function exposureFacts({ exposures, attack, workload }: AssessedWorkload): IncidentFact[] {
  const way = exposures.find(({ from }) => from === 'internet');
  if (way !== undefined)
    return [{ kind: 'exposure', sentence: `It is reachable from the Internet ${way.phrase}.`, effect: 'raises' }];
  const inside = exposures[0];
  if (inside !== undefined)
    return [
      { kind: 'exposure', sentence: `It is reachable from the network of the nodes ${inside.phrase}.`, effect: 'none' },
    ];
  const own = attack.nodes.find(({ id }) => id === `workload:${workload.id}`);
  const isWorthLittle = own !== undefined && own.value <= 1;
  const why = isWorthLittle && own.valueReason !== undefined ? `, and it is worth little: ${own.valueReason}` : '';
  return [
    {
      kind: 'exposure',
      sentence: `No way in from outside of the cluster is known${why}.`,
      effect: isWorthLittle ? 'lowers' : 'none',
    },
  ];
}

/** What it takes to get from it to its node. */
function powerFacts({ workload, attack }: AssessedWorkload): IncidentFact[] {
  const phrases = attack.edges
    .filter(({ from, kind }) => from === `workload:${workload.id}` && kind === 'escape')
    .map(({ phrase }) => phrase);
  const told = [...new Set(phrases)];
  if (told.length === 0) return [];
  return [{ kind: 'reach', sentence: `Whoever holds it gets to its node: ${list(told)}.`, effect: 'raises' }];
}

const GRAVE = /secret|control plane|cluster-admin|anything|everything|impersonate|escalate/i;

function identityFacts({ workload, attack }: AssessedWorkload): IncidentFact[] {
  const held = new Set(
    attack.edges
      .filter(({ from, kind }) => from === `workload:${workload.id}` && kind === 'identity')
      .map(({ to }) => to),
  );
  const steps = attack.edges.filter(({ from, kind }) => held.has(from) && kind === 'permission');
  if (steps.length === 0) return [];
  const told = [...new Set(steps.map(({ phrase }) => phrase))];
  const grave = told.filter((phrase) => GRAVE.test(phrase));
  const sentence = `With its service account it ${list(grave.length > 0 ? grave : told)}.`;
  return [{ kind: 'identity', sentence, effect: grave.length > 0 ? 'raises' : 'none' }];
}

const EXPLOITED = /, known exploited since /;

/** Of components that attackers use flaws of: more where they were seen to be loaded. */
async function componentFacts(
  view: AssessmentView,
  { workload }: AssessedWorkload,
  time: string,
): Promise<IncidentFact[]> {
  const { items } = await view.findings({ limit: LOOKED_THROUGH, workload: workload.id });
  const exploited = items.filter(({ kind, message }) => kind === 'vulnerability' && EXPLOITED.test(message));
  const loaded = exploited.filter(isLoaded);
  const told = (loaded.length > 0 ? loaded : exploited)
    .slice(0, MOST_TOLD)
    .map(({ component, version, rule }) => `${component ?? ''} ${version ?? ''} has ${rule}`.trim());
  if (told.length === 0) return [];
  const seen =
    loaded.length > 0
      ? ', and was seen to be loaded here'
      : `, though nobody had seen it loaded here by ${time.slice(0, 16).replace('T', ' ')} UTC`;
  const sentence = `It may have come in by a flaw that attackers use: ${told.join(', ')}${seen}.`;
  return [{ kind: 'component', sentence, effect: loaded.length > 0 ? 'raises' : 'none' }];
}

const isLoaded = ({ evidence }: Finding): boolean => evidence?.state === 'loaded' || evidence?.state === 'executed';

function rankFact({ rank, ranked }: AssessedWorkload): IncidentFact {
  return {
    kind: 'reach',
    sentence: `It is rank ${rank} of what the estate can lose: it ${ranked.why}`,
    effect: 'none',
  };
}

/** What the alert itself tells of image and layer; where nothing else is known, all that it tells. */
function storyFacts({ event }: IncidentSign, known: readonly IncidentFact[]): IncidentFact[] {
  const told = (event.alert?.story ?? []).slice(0, -1);
  const wanted = known.length > 0 ? told.filter((sentence) => kindOf(sentence) === 'image') : told;
  return wanted.map((sentence) => ({ kind: kindOf(sentence), sentence, effect: 'none' }));
}

function kindOf(sentence: string): IncidentFact['kind'] {
  if (/ which came with layer | image |not in the image|runs image/.test(sentence)) return 'image';
  if (/reachable|No way in/.test(sentence)) return 'exposure';
  return /token/.test(sentence) ? 'identity' : 'component';
}

function list(phrases: readonly string[]): string {
  const more = phrases.length - MOST_TOLD;
  return `${phrases.slice(0, MOST_TOLD).join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}

import type { QuestionEvidence } from '@breakwater/model';
import type { PlacedPolicy } from '../policies/list-places.ts';
import { type Guard, nameOfGuard } from './guards.ts';
import { type OurGuards, ourGuards, refuserOf } from './our-guards.ts';
import { aboutPolicy, countOf, isOrAre, listSome } from './phrases.ts';
import type { Question, QuestionBasis } from './question.ts';

/** A policy, and what enforces it; `hand` where somebody has to act on what it tells. */
interface Enforced {
  layer: string;
  evidence: QuestionEvidence;
}

const HAND = 'told only: somebody has to act';

/** Are they enforced by automation or by hand, and by which layer? */
export const enforcementLayers: Question = {
  id: 'enforcement-layers',
  question: 'Are they enforced by automation or by hand, and by which layer?',
  answer(basis) {
    const ours = ourGuards(basis.guards);
    const enforced = [
      ...basis.placed.map((policy) => ownLayer(policy, ours)),
      // What we stand there with enforces the policies above, and is none itself.
      ...basis.guards.filter(({ isOurs }) => !isOurs).map(layerOfGuard),
    ];
    const layers = [...Map.groupBy(enforced, ({ layer }) => layer)].sort(([, a], [, b]) => b.length - a.length);
    const byHand = enforced.filter(({ layer }) => layer === HAND).length;
    const value = enforced.length - byHand;
    const automatic = layers.filter(([layer]) => layer !== HAND);
    return {
      number: { value, of: enforced.length, words: 'policies are enforced by automation' },
      known: 'part',
      sentence:
        value === 0
          ? `By hand: all ${enforced.length} only tell, and somebody has to act on it.`
          : `${listSome(
              automatic.map(([layer, own]) => `${own.length} by ${layer}`),
              4,
            )}; ${byHand} only ${byHand === 1 ? 'tells' : 'tell'}, and somebody has to act on it.`,
      parts: layers.map(([label, own]) => ({ label, count: own.length })),
      evidence: [...automatic, ...layers.filter(([layer]) => layer === HAND)].flatMap(([, own]) =>
        own.map(({ evidence }) => evidence),
      ),
      gaps: gapsOf(basis, ours),
      next: 'breakwater policy where',
    };
  },
};

/** What admission would refuse counts only where something of ours stands in front of an API server. */
function ownLayer({ policy, title, places }: PlacedPolicy, ours: OurGuards): Enforced {
  const blocking = places.filter(({ enforcement, by }) => enforcement === 'block' && by !== 'nobody');
  const deployed = blocking.find(({ phase }) => phase === 'deploy');
  const built = blocking.find(({ phase }) => phase === 'build');
  const layer = deployed === undefined ? undefined : refuserOf(policy, ours);
  if (layer !== undefined) {
    return { layer, evidence: aboutPolicy(policy, `${policy} refuses at admission, by ${layer}: ${title}.`) };
  }
  if (built !== undefined) {
    const layer = 'the build gate';
    return { layer, evidence: aboutPolicy(policy, `${policy} refuses in builds (${built.why}): ${title}.`) };
  }
  const rungs = places.map(({ phase, enforcement }) => `${enforcement} in ${phase}`);
  const waiting = deployed === undefined ? '' : '; it would refuse at admission, were our webhook registered';
  return { layer: HAND, evidence: aboutPolicy(policy, `${policy}: ${rungs.join(', ')}${waiting}.`) };
}

function layerOfGuard(guard: Guard): Enforced {
  const { by, refuses, does, object } = guard;
  return {
    layer: refuses ? by : HAND,
    evidence: { sentence: `${nameOfGuard(guard)} ${does}, by ${by}.`, places: [object.place] },
  };
}

function gapsOf({ guards, placed }: QuestionBasis, ours: OurGuards): { sentence: string; hint?: string }[] {
  const gaps: { sentence: string; hint?: string }[] = [];
  const built = placed.filter(({ places }) =>
    places.some(({ phase, enforcement, by }) => phase === 'build' && enforcement === 'block' && by === 'ci-gate'),
  ).length;
  if (built > 0)
    gaps.push({
      sentence: `Whether pipelines run the build gate is not known: ${countOf(built, 'policy', 'policies')} ${isOrAre(built)} enforced only where they do.`,
      hint: 'Run breakwater scan in each pipeline.',
    });
  if (guards.some(({ family }) => family === 'network'))
    gaps.push({ sentence: 'Whether the network plug-in honours network policies cannot be read from objects.' });
  if (!ours.webhook && ours.compiled.size === 0)
    gaps.push({
      sentence: 'No webhook of Breakwater is among what was given: nothing of it refuses at admission here.',
      hint: 'breakwater admission serve',
    });
  return gaps;
}

import { openDetection } from '@breakwater/app/detection';
import { tellRecorded } from '@breakwater/app/incidents';
import type { Incident, IncidentFact, RuntimeEvent } from '@breakwater/model';
import { type Performance, SHOWN_AS } from './round.ts';

/**
 * The incidents of the second attack, told by the policies that ship as those of recorded events are: what it was, what was
 * stopped of it, and by which line of the Dockerfile what it used came into which layer of the image.
 */
export async function incidentsOf(performance: Performance, state: string): Promise<Incident[]> {
  const detection = await openDetection({ state, now: performance.time });
  const facts = factsOf(performance);
  const recorded = tellRecorded({
    detection,
    async knownOf({ event }) {
      const fix = event.alert && detection.fixOf(event.alert.rule);
      return { facts, unknowns: [], ...(fix !== undefined && { fix }) };
    },
  });
  await recorded.take(performance.rounds.at(-1)?.events.map(named) ?? []);
  return await recorded.end();
}

const named = (event: RuntimeEvent): RuntimeEvent => ({ ...event, container: { ...event.container, name: SHOWN_AS } });

function factsOf({ image, rounds, origins, dockerfile }: Performance): IncidentFact[] {
  const digest = rounds[0]?.events[0]?.container?.imageDigest?.slice(0, 19);
  const sentences = [
    `It runs image ${image}${digest === undefined ? '' : ` (${digest})`}, built by Dockerfile.`,
    ...origins.map(({ path, layer, layers, digest: of, line, instruction }) => {
      const written = dockerfile[line - 1] ?? instruction;
      return `${path} came with layer ${layer} of ${layers} (${of.slice(0, 19)}): ${written} [Dockerfile:${line}].`;
    }),
    '/tmp/busybox-x is of no layer: it came while the container ran.',
  ];
  return sentences.map((sentence) => ({ kind: 'image', sentence, effect: 'none' }));
}

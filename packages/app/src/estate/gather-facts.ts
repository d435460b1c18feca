import { alertsOf, evidenceOf, observationOf, type RuntimeAlert, tieEvents } from '@breakwater/engine/evidence';
import { identityOf } from '@breakwater/engine/identity';
import { imagesOf, workloadsOf } from '@breakwater/engine/inventory';
import { reachabilityOf } from '@breakwater/engine/network';
import { type EstateFacts, riskSettings } from '@breakwater/engine/risk';
import type { AdvisoryLookup, ComponentEvidence, Image, Unknown, Workload } from '@breakwater/model';
import { type MatchedImage, matchImage } from './match-images.ts';
import type { EstateReading } from './read-estate.ts';
import { tieDockerfiles } from './tie-dockerfiles.ts';

/** Facts about an estate: what risk and policies judge. */
export interface GatheredFacts {
  facts: EstateFacts;
  /** By image id. */
  matched: Map<string, MatchedImage>;
  alerts: RuntimeAlert[];
  /** Workloads that any event could be tied to. */
  observed: Set<string>;
  unknowns: Unknown[];
}

/** Derives workloads, images, vulnerabilities, evidence, reach and identity from what was read. `now` is ISO 8601. */
export function gatherFacts(reading: EstateReading, lookup: AdvisoryLookup, now: string): GatheredFacts {
  const { objects } = reading;
  const { workloads, unknowns } = workloadsOf(objects);
  const images = distinctImages(reading.images);
  const matched = new Map(images.map((image) => [image.id, matchImage(image, lookup)]));
  const evidence = new Map<string, Map<string, ComponentEvidence>>();
  for (const image of images) {
    const found = observationOf(image, reading.observations);
    if (found) evidence.set(image.id, evidenceOf(image, found.observation, now));
  }
  const tied = imagesOf(workloads, images);
  const reachability = reachabilityOf(objects, workloads);
  const identity = identityOf(objects, workloads);
  const facts: EstateFacts = {
    objects,
    workloads,
    images: new Map(
      [...tied].map(([id, list]) => [
        id,
        list.map(({ container, ...image }) => ({ ...image, container: container.name })),
      ]),
    ),
    vulnerabilities: new Map([...matched].map(([id, { matches }]) => [id, matches])),
    evidence,
    reachability,
    identity,
    settings: riskSettings(),
    dockerfiles: tieDockerfiles(workloads, reading.dockerfiles),
  };
  const tie = tieEvents(workloads);
  return {
    facts,
    matched,
    alerts: alertsOf(reading.alerts, tie).alerts,
    observed: new Set(observedWorkloads(reading, facts)),
    unknowns: [
      ...unknowns,
      ...missingImages(facts),
      ...[...matched.values()].flatMap((image) => image.unknowns),
      ...reachability.unknowns,
      ...identity.unknowns,
    ],
  };
}

/** The same image, found twice, counts once; the reading with components wins over one without. */
function distinctImages(images: Image[]): Image[] {
  const byId = new Map<string, Image>();
  for (const image of images) {
    const known = byId.get(image.id);
    if (!known || known.components.length < image.components.length) byId.set(image.id, image);
  }
  return [...byId.values()];
}

function observedWorkloads({ observations }: EstateReading, { workloads }: EstateFacts): string[] {
  const names = new Set(observations.flatMap((observation) => observation.workloads));
  return workloads.filter(({ namespace, name }) => names.has(`${namespace}/${name}`)).map(({ id }) => id);
}

/** One unknown for each image that workloads name and that was not among what was given. */
function missingImages({ workloads, images }: EstateFacts): Unknown[] {
  const users = new Map<string, Workload[]>();
  for (const workload of workloads) {
    for (const { reference, image } of images.get(workload.id) ?? []) {
      if (!image) users.set(reference, [...(users.get(reference) ?? []), workload]);
    }
  }
  return [...users].map(([reference, running]) => {
    const [first] = running as [Workload];
    const more = running.length > 1 ? ` and ${running.length - 1} more` : '';
    return {
      code: 'image-missing',
      message: `Image ${reference || 'without a name'}, which ${first.namespace}/${first.name}${more} runs, was not given: what it holds is not known.`,
      place: first.definitions[0] ?? { source: reference },
      subject: reference,
      hint: 'Name its archive, its OCI layout or its SBOM beside the manifests.',
    };
  });
}

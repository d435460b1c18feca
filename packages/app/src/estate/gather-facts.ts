import { alertsOf, evidenceOf, observationOf, type RuntimeAlert, tieEvents, usesOf } from '@breakwater/engine/evidence';
import { identityOf } from '@breakwater/engine/identity';
import { imagesOf, withImageUsers, workloadsOf } from '@breakwater/engine/inventory';
import { reachabilityOf } from '@breakwater/engine/network';
import { type EstateFacts, riskSettings, type WorkloadImage } from '@breakwater/engine/risk';
import type { ComponentEvidence, Image, ManifestObject, Unknown, Workload } from '@breakwater/model';
import type { OpenedLookup } from '../advisories/open-lookup.ts';
import type { LiveCluster } from '../clusters/live-estates.ts';
import { withRunningDigests } from '../clusters/running-digests.ts';
import { type JoinedReport, joinReports } from '../reports/join-reports.ts';
import { type JudgedImage, judgeImage } from './judge-image.ts';
import type { PolicySet } from './policy-set.ts';
import type { EstateReading } from './read-estate.ts';
import { tieDockerfiles } from './tie-dockerfiles.ts';

/** Facts about an estate: what risk and policies judge. */
export interface GatheredFacts {
  facts: EstateFacts;
  /** By image id. */
  judged: Map<string, JudgedImage>;
  alerts: RuntimeAlert[];
  /** What other tools report. */
  reports: JoinedReport[];
  /** Workloads that any event could be tied to. */
  observed: Set<string>;
  /** Live clusters among what was read. */
  clusters: LiveCluster[];
  unknowns: Unknown[];
}

/** Derives workloads, judged images, evidence, reach and identity from what was read. `set.now` is the moment. */
export function gatherFacts(reading: EstateReading, advisories: OpenedLookup, set: PolicySet): GatheredFacts {
  const objects = withImageUsers(reading.objects, reading.images, reading.dockerfiles);
  const { workloads, unknowns } = workloadsOf(objects);
  const joined = joinReports([...judgeImages(reading, advisories, set).values()], reading.reports);
  const judged = new Map(joined.judged.map((image) => [image.image.id, image]));
  const images = [...judged.values()].map(({ image }) => image);
  const reachability = reachabilityOf(objects, workloads);
  const identity = identityOf(objects, workloads);
  const facts: EstateFacts = {
    objects,
    workloads,
    images: workloadImages(workloads, images, objects),
    vulnerabilities: new Map([...judged].map(([id, { matches }]) => [id, matches])),
    evidence: new Map([...judged].flatMap(([id, { evidence }]) => (evidence.size > 0 ? [[id, evidence]] : []))),
    reachability,
    identity,
    settings: riskSettings(),
    dockerfiles: tieDockerfiles(workloads, reading.dockerfiles),
    ...(reading.learned.length > 0 && { uses: usesOf(reading.learned, workloads) }),
  };
  return {
    facts,
    judged,
    reports: joined.reports,
    alerts: alertsOf(reading.alerts, tieEvents(workloads)).alerts,
    observed: new Set(observedWorkloads(reading, facts)),
    clusters: reading.clusters ?? [],
    unknowns: [
      ...unknowns,
      ...missingImages(facts),
      ...images.flatMap((image) => image.unknowns),
      ...reachability.unknowns,
      ...identity.unknowns,
    ],
  };
}

/** Each image with what run time proved of it, by id. */
function judgeImages(reading: EstateReading, advisories: OpenedLookup, set: PolicySet): Map<string, JudgedImage> {
  return new Map(
    distinctImages(reading.images).map((image) => {
      const found = observationOf(image, reading.observations);
      const evidence: Map<string, ComponentEvidence> = found
        ? evidenceOf(image, found.observation, set.now)
        : new Map();
      return [image.id, judgeImage(image, advisories, set, evidence)];
    }),
  );
}

/** The images of every workload: of a live cluster those that run, under the names that workloads give them. */
function workloadImages(
  workloads: Workload[],
  images: Image[],
  objects: readonly ManifestObject[],
): Map<string, WorkloadImage[]> {
  const tied = imagesOf(withRunningDigests(workloads, objects), images);
  return new Map(
    workloads.map(({ id, containers }) => [
      id,
      (tied.get(id) ?? []).map(({ container, image }, index) => ({
        container: container.name,
        reference: containers[index]?.image ?? container.image,
        ...(image ? { image } : {}),
      })),
    ]),
  );
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

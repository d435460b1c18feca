import type { ComponentEvidence, Image, ManifestObject, VulnerabilityMatch, Workload } from '@breakwater/model';
import { identityOf } from '../../identity/index.ts';
import { reachabilityOf } from '../../network/index.ts';
import { type EstateFacts, riskSettings, type WorkloadImage } from './index.ts';

/** A vulnerability as tests need it: remote, without privileges, EPSS 0.2. */
export function matchOf(id: string, part: Partial<VulnerabilityMatch> = {}): VulnerabilityMatch {
  return {
    id,
    aliases: [],
    advisories: [id],
    component: 'pkg:npm/lib@1',
    componentName: 'lib',
    version: '1',
    purl: 'pkg:npm/lib@1',
    severity: 'high',
    cvss: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
    exploitation: { epss: 0.2, ransomware: false },
    summary: '',
    source: 'test',
    confidence: 'high',
    reason: '',
    ...part,
  };
}

/** An image that was read. */
export function imageOf(id: string): Image {
  return {
    id,
    source: 'docker-archive',
    target: id,
    references: [],
    manifestDigests: [],
    layers: [],
    components: [],
    fileCount: 0,
    unknowns: [],
  };
}

/** Evidence that a component was loaded. */
export const loaded: ComponentEvidence = { state: 'loaded', observedDays: 3, reason: 'opened by /usr/bin/app' };

/** What one image holds: vulnerabilities, and evidence by component. */
export interface ImageFacts {
  matches: VulnerabilityMatch[];
  evidence?: Record<string, ComponentEvidence>;
}

/** Facts of an estate; an image that is not given by its reference could not be read. */
export function factsOf(
  objects: ManifestObject[],
  workloads: Workload[],
  images: Record<string, ImageFacts> = {},
  settings = riskSettings(),
): EstateFacts {
  const known = Object.entries(images);
  const read = new Map(known.map(([reference]) => [reference, imageOf(`sha256:${reference}`)]));
  return {
    objects,
    workloads,
    images: new Map(
      workloads.map((workload) => [workload.id, workload.containers.map((container) => imageFact(container, read))]),
    ),
    vulnerabilities: new Map(known.map(([reference, { matches }]) => [`sha256:${reference}`, matches])),
    evidence: new Map(
      known.map(([reference, { evidence = {} }]) => [`sha256:${reference}`, new Map(Object.entries(evidence))]),
    ),
    reachability: reachabilityOf(objects, workloads),
    identity: identityOf(objects, workloads),
    settings,
  };
}

function imageFact(
  { name, image: reference }: Workload['containers'][number],
  read: ReadonlyMap<string, Image>,
): WorkloadImage {
  const image = read.get(reference);
  return image === undefined ? { container: name, reference } : { container: name, reference, image };
}

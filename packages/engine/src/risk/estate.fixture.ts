import type { ComponentEvidence, Image, Json, JsonObject, ManifestObject, VulnerabilityMatch } from '@breakwater/model';
import { identityOf } from '../identity/index.ts';
import { workloadsOf } from '../inventory/index.ts';
import { reachabilityOf } from '../network/index.ts';
import { type EstateFacts, riskSettings, type WorkloadImage } from './graph/index.ts';

/** An object as a manifest file would hold it. */
export function manifest(
  kind: string,
  namespace: string,
  name: string,
  body: JsonObject,
  cluster = 'default',
): ManifestObject {
  const groups: Record<string, string> = {
    Deployment: 'apps/v1',
    Ingress: 'networking.k8s.io/v1',
    NetworkPolicy: 'networking.k8s.io/v1',
    Role: 'rbac.authorization.k8s.io/v1',
    RoleBinding: 'rbac.authorization.k8s.io/v1',
    ClusterRole: 'rbac.authorization.k8s.io/v1',
    ClusterRoleBinding: 'rbac.authorization.k8s.io/v1',
  };
  const apiVersion = groups[kind] ?? 'v1';
  const metadata: { [key: string]: Json } = { name, ...(namespace === '' ? {} : { namespace }) };
  return {
    apiVersion,
    kind,
    namespace,
    name,
    cluster,
    object: { apiVersion, kind, metadata, ...body },
    place: { source: `${cluster}/${namespace}/${kind}-${name}.yaml`, document: 0 },
  };
}

/** A Deployment of one container on port 8080, whose image is `registry.example/NAME:1` unless told otherwise. */
export function deployment(
  namespace: string,
  name: string,
  {
    pod = {},
    container = {},
    cluster = 'default',
  }: { pod?: JsonObject; container?: JsonObject; cluster?: string } = {},
): ManifestObject {
  const app = { name, image: `registry.example/${name}:1`, ports: [{ containerPort: 8080 }], ...container };
  const template = { metadata: { labels: { app: name } }, spec: { containers: [app], ...pod } };
  return manifest(
    'Deployment',
    namespace,
    name,
    { spec: { selector: { matchLabels: { app: name } }, template } },
    cluster,
  );
}

/** A Service before a Deployment of the same name. */
export function service(namespace: string, name: string, type = 'ClusterIP', cluster = 'default'): ManifestObject {
  const spec = { type, selector: { app: name }, ports: [{ port: 80, targetPort: 8080 }] };
  return manifest('Service', namespace, name, { spec }, cluster);
}

/** A policy that lets nobody come to any pod of the namespace, nor leave it. */
export function isolation(namespace: string): ManifestObject {
  return manifest('NetworkPolicy', namespace, 'isolate', {
    spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
  });
}

/** A vulnerability of a package of the distribution, exploitable over the network. */
export function flaw(id: string, component: string, part: Partial<VulnerabilityMatch> = {}): VulnerabilityMatch {
  return {
    id,
    aliases: [],
    advisories: [id],
    component: `pkg:deb/debian/${component}@1.0`,
    componentName: component,
    version: '1.0',
    purl: `pkg:deb/debian/${component}@1.0`,
    fixedVersion: '1.1',
    severity: 'high',
    cvss: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
    exploitation: { ransomware: false, epss: 0.002 },
    summary: '',
    source: 'test',
    confidence: 'high',
    reason: '',
    ...part,
  };
}

/** That a component was seen in memory. */
export const loaded: ComponentEvidence = {
  state: 'loaded',
  observedDays: 1,
  lastSeen: '2026-11-22T11:57:00Z',
  reason: 'opened by /app/server',
};

/** What is in the image of a Deployment. */
export interface ImageContent {
  flaws?: VulnerabilityMatch[];
  evidence?: Record<string, ComponentEvidence>;
}

function image(name: string, flaws: VulnerabilityMatch[]): Image {
  const components = [...new Map(flaws.map((match) => [match.component, match])).values()].map((match) => ({
    id: match.component,
    type: 'deb' as const,
    name: match.componentName,
    version: match.version,
    purl: match.purl,
    ecosystem: 'Debian:12',
    licences: [],
    path: '/var/lib/dpkg/status',
    files: [],
    scope: 'installed' as const,
    development: false,
  }));
  return {
    id: `sha256:${name}`,
    source: 'oci-layout',
    target: name,
    references: [`registry.example/${name}:1`],
    manifestDigests: [],
    layers: [],
    components,
    fileCount: 1,
    unknowns: [],
  };
}

/** An estate of some objects. Images that are given were read and matched; the others are unknown. */
export function estate(objects: ManifestObject[], contents: Record<string, ImageContent> = {}): EstateFacts {
  const { workloads } = workloadsOf(objects);
  const images = new Map<string, WorkloadImage[]>();
  for (const workload of workloads) {
    const content = contents[workload.name];
    images.set(
      workload.id,
      workload.containers.map(({ name, image: reference }) => ({
        container: name,
        reference,
        ...(content === undefined ? {} : { image: image(workload.name, content.flaws ?? []) }),
      })),
    );
  }
  const known = Object.entries(contents);
  return {
    objects,
    workloads,
    images,
    vulnerabilities: new Map(known.map(([name, { flaws = [] }]) => [`sha256:${name}`, flaws])),
    evidence: new Map(known.map(([name, { evidence = {} }]) => [`sha256:${name}`, new Map(Object.entries(evidence))])),
    reachability: reachabilityOf(objects, workloads),
    identity: identityOf(objects, workloads),
    settings: riskSettings(),
  };
}

import { type Incident, type JsonObject, type Policy, workloadOfSubject } from '@breakwater/model';
import { type Opening, openingsOf } from './openings.ts';

/** A policy that would have refused what made an incident possible, to be read before it is put in force. */
export interface ProposedGate {
  policy: Policy;
  /** What it is there for, a sentence each. */
  because: string[];
  /** What no manifest shows, and so no gate can refuse. */
  notes: string[];
}

const SHELL = /\/(?:ba|da|a|z|k|c|tc|fi)?sh$/;

/**
 * Drafts the policy by which the objects of an incident's namespaces would have been refused, with its own cases; undefined
 * where nothing that manifests show made it possible. It warns in builds and blocks deployments: whoever takes it may say less.
 */
export function proposeGate(incident: Incident): ProposedGate | undefined {
  const openings = openingsOf(incident);
  if (openings.length === 0) return undefined;
  const namespaces = [...new Set(incident.subjects.flatMap(namespaceOf))].sort();
  const because = openings.map((opening) => opening.because);
  const name = `after-${
    incident.id
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '') || 'incident'
  }`;
  const policy: Policy = {
    apiVersion: 'breakwater/v1',
    kind: 'Policy',
    metadata: { name: name.slice(0, 63).replace(/-+$/, ''), annotations: { 'breakwater/incident': incident.id } },
    spec: {
      title: `What made ${incident.id} possible does not come back`,
      why: `${incident.title}: ${because.join('; ')}.`,
      fix: `${capital(openings.map(({ fix }) => fix).join('; '))}.`,
      severity: incident.severity === 'unknown' ? 'medium' : incident.severity,
      controls: incident.techniques.length > 0 ? { mitre: [...incident.techniques] } : {},
      phases: ['build', 'deploy'],
      match: namespaces.length > 0 ? { namespaces: { include: namespaces } } : {},
      require: openings.map(({ require }) => require),
      enforcement: { build: 'warn', deploy: 'block' },
      cases: [
        { name: 'as it was', given: { object: podOf(openings, 'refused', namespaces) }, verdict: 'fail' },
        { name: 'as it should be', given: { object: podOf(openings, 'passed', namespaces) }, verdict: 'pass' },
      ],
    },
  };
  return { policy, because, notes: notesOf(incident) };
}

/** Of a workload; an image has none. */
function namespaceOf(subject: string): string[] {
  const workload = workloadOfSubject(subject);
  return workload === undefined ? [] : [workload.namespace];
}

function podOf(openings: readonly Opening[], side: 'refused' | 'passed', [namespace]: readonly string[]): JsonObject {
  const securityContext: JsonObject = {};
  const pod: JsonObject = {};
  for (const opening of openings) {
    Object.assign(securityContext, opening[side].container?.['securityContext']);
    Object.assign(pod, opening[side].pod);
  }
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'example', ...(namespace !== undefined && { namespace }) },
    spec: { containers: [{ name: 'example', image: 'registry.example/example:1', securityContext }], ...pod },
  };
}

function notesOf({ processes, entries }: Incident): string[] {
  const shell = processes.find(({ path, inImage }) => inImage !== false && SHELL.test(path));
  const calls = entries.some(
    ({ behaviour }) => behaviour?.dimension === 'connect' && !behaviour.object.startsWith('unix:'),
  );
  return [
    ...(shell === undefined
      ? []
      : [
          `No manifest shows that the image has ${shell.path}: build it without a shell, or let the sensor refuse it (breakwater sensor --profile PROFILE --block starts).`,
        ]),
    ...(calls
      ? ['Where it may connect is for a NetworkPolicy: breakwater policy compile --to network-policy PROFILE.']
      : []),
  ];
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

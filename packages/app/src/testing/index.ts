export { exampleIncident, exampleProfile } from './example-behaviour.ts';
export { exampleComponent, exampleImage } from './example-image.ts';
export { NO_REGISTRIES } from './no-registries.ts';

import { type Finding, findingKey, SCHEMA_VERSION, type Severity, workloadId } from '@breakwater/model';
import type { AssessedWorkload, Assessment } from '../assessment/assessment.ts';

/** A finding of a workload, by rule. */
export function exampleFinding(workload: string, rule: string, severity: Severity, matters: boolean): Finding {
  return {
    key: findingKey({ subject: workload, rule, detail: '' }),
    kind: 'policy',
    phase: 'deploy',
    rule,
    title: `Rule ${rule}`,
    severity,
    subject: workload,
    workload,
    message: '',
    why: '',
    fix: '',
    confidence: '',
    notChecked: '',
    verdict: 'fail',
    enforcement: 'warn',
    matters,
    places: [],
  };
}

function exampleWorkload(name: string, index: number): AssessedWorkload {
  const identity = { cluster: 'default', namespace: index % 2 === 0 ? 'shop' : 'data', kind: 'Deployment', name };
  const id = workloadId(identity);
  return {
    rank: index + 1,
    exposures: [],
    attack: { nodes: [], edges: [] },
    timeline: [],
    quiet: [],
    workload: {
      id,
      ...identity,
      labels: {},
      annotations: {},
      podLabels: {},
      containers: [],
      volumes: [],
      serviceAccount: 'default',
      hostNetwork: false,
      hostPID: false,
      hostIPC: false,
      podSpecPointer: ['spec'],
      definitions: [],
    },
    ranked: {
      id,
      ...identity,
      loss: 100 - index,
      lossRange: [0, 100],
      probability: 0.5,
      impact: 10,
      why: '',
      path: [],
      onward: [],
      fixes: [],
      vulnerabilities: { total: 0, matter: 0 },
      images: [{ reference: `registry.example/${name}:1` }],
      phases: { build: 'unknown', deploy: 'clean', run: 'unknown' },
      unknowns: [],
    },
  };
}

/** A small assessment with the given workloads, riskiest first, and findings. */
export function exampleAssessment(time: string, names: string[], findings: Finding[]): Assessment {
  const workloads = names.map(exampleWorkload);
  return {
    time,
    paths: ['estate'],
    workloads,
    images: [],
    findings,
    fixes: [],
    policies: [],
    running: { observed: 0, alerts: 0 },
    unreadImages: 0,
    ranking: {
      schemaVersion: SCHEMA_VERSION,
      time,
      loss: names.length,
      lossRange: [0, names.length],
      value: 100,
      vulnerabilities: { total: 0, matter: 0, quiet: [] },
      exposedWorkloads: 0,
      workloads: workloads.map((entry) => entry.ranked),
      fixes: [],
      unknowns: [],
    },
  };
}

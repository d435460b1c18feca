import type { JsonObject } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { fieldAt } from '../../json/index.ts';
import { deployment, estate, manifest } from '../estate.fixture.ts';
import { buildAttackGraph, nodeId } from '../graph/index.ts';
import { applyProposals } from './apply-change.ts';
import { proposeNoRawSockets } from './raw-sockets.ts';

const db = deployment('pay', 'db', {
  container: { ports: [{ containerPort: 5432 }], securityContext: { capabilities: { drop: ['ALL'] } } },
});

const bridge = manifest('DaemonSet', 'kube-flannel', 'kube-flannel-ds', {
  spec: { template: { spec: { containers: [] } } },
});

describe('dropping NET_RAW', () => {
  it.each<[string, JsonObject, JsonObject]>([
    ['where nothing is said', {}, { drop: ['NET_RAW'] }],
    ['beside what is dropped already', { drop: ['CHOWN'] }, { drop: ['CHOWN', 'NET_RAW'] }],
    ['where it is added', { add: ['NET_RAW', 'CHOWN'], drop: ['ALL'] }, { add: ['CHOWN'], drop: ['ALL', 'NET_RAW'] }],
  ])('%s closes the way to what neighbours say', (_, written, expected) => {
    const facts = estate([
      deployment('shop', 'web', { container: { securityContext: { capabilities: written } } }),
      db,
      bridge,
    ]);
    const { graph } = buildAttackGraph(facts);
    const found = proposeNoRawSockets(facts, graph);
    expect(found.map(({ change }) => change.title)).toEqual(['Drop NET_RAW from shop/web']);
    const changed = applyProposals(facts, found);
    const container = fieldAt(changed.objects[0]!.object, 'spec', 'template', 'spec', 'containers') as JsonObject[];
    expect(container[0]).toMatchObject({ securityContext: { capabilities: expected } });
    const { edges } = buildAttackGraph(changed).graph;
    expect(edges.filter(({ to }) => to === nodeId.wire('default'))).toEqual([]);
  });

  it('is not proposed where there is nothing to hear, where it is not certain, or where a privileged container keeps it', () => {
    const unsure = estate([deployment('shop', 'web'), db]);
    expect(proposeNoRawSockets(unsure, buildAttackGraph(unsure).graph)).toEqual([]);
    const alone = estate([deployment('shop', 'web', { container: { ports: [{ containerPort: 8443 }] } }), bridge]);
    expect(proposeNoRawSockets(alone, buildAttackGraph(alone).graph)).toEqual([]);
    const agent = deployment('shop', 'agent', { container: { securityContext: { privileged: true } } });
    const privileged = estate([agent, db, bridge]);
    expect(proposeNoRawSockets(privileged, buildAttackGraph(privileged).graph)).toEqual([]);
  });
});

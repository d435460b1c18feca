import { describe, expect, it } from 'vitest';
import { objectOf, workloadOf } from '../../network/estate.fixture.ts';
import { factsOf } from './facts.fixture.ts';
import { buildAttackGraph } from './index.ts';

describe('roles in clouds', () => {
  const annotated = (annotations: Record<string, string>) =>
    objectOf('ServiceAccount', 'robot', { metadata: { annotations } }, 'shop', 'v1');
  const pod = workloadOf('web', { namespace: 'shop', serviceAccount: 'robot', automountToken: false });

  it.each([
    ['eks.amazonaws.com/role-arn', 'arn:aws:iam::111122223333:role/shop'],
    ['iam.gke.io/gcp-service-account', 'shop@project.iam.gserviceaccount.com'],
    ['azure.workload.identity/client-id', '00000000-0000-0000-0000-000000000000'],
  ])('are had by the pods and the token of an account with %s', (key, role) => {
    const { nodes, edges } = buildAttackGraph(factsOf([annotated({ [key]: role })], [pod])).graph;
    const node = nodes.find(({ label }) => label.endsWith(role));
    expect(node).toMatchObject({ kind: 'asset', value: 20 });
    expect(edges.filter(({ to }) => to === node?.id).map(({ from }) => from)).toEqual([
      'identity:default/shop/robot',
      `workload:${pod.id}`,
    ]);
  });

  it('are not made up', () => {
    const { nodes } = buildAttackGraph(factsOf([annotated({ 'eks.amazonaws.com/role-arn': '' })], [pod])).graph;
    expect(nodes.filter(({ id }) => id.includes('cloud-role'))).toEqual([]);
  });
});

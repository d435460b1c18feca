import type { JsonObject, ManifestObject } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { workloadsOf } from '../../inventory/index.ts';
import { objectOf } from '../../network/estate.fixture.ts';
import { simulate } from '../simulation/index.ts';
import { factsOf } from './facts.fixture.ts';
import { buildAttackGraph, nodeId } from './index.ts';

const password = ['Corr3ct', 'Hors3', 'Batt3ry'].join('-');
const deployment = (name: string, container: JsonObject, spec: JsonObject = {}): ManifestObject => {
  const pod = { ...spec, containers: [{ name: 'app', image: 'app:1', ports: [{ containerPort: 80 }], ...container }] };
  const body = { spec: { template: { metadata: { labels: { app: name } }, spec: pod } } };
  return objectOf('Deployment', name, body, 'default', 'apps/v1');
};
const balancer = objectOf('Service', 'web', {
  spec: { type: 'LoadBalancer', selector: { app: 'web' }, ports: [{ port: 80 }] },
});
const graphOf = (objects: ManifestObject[]) => buildAttackGraph(factsOf(objects, workloadsOf(objects).workloads)).graph;
const loss = (objects: ManifestObject[]) => simulate(graphOf([balancer, ...objects]), { worlds: 16_384 }).loss;
const workload = (name: string) => nodeId.workload(`default/default/Deployment/${name}`);

describe('secrets in plain text', () => {
  const plain = deployment('web', { env: [{ name: 'DB_PASSWORD', value: password }] });

  it('are assets that their workloads hold, and that whoever reads the file has', () => {
    const graph = graphOf([plain]);
    const asset = graph.nodes.find(({ label }) => label === 'DB_PASSWORD of Deployment default/web, in plain text')!;
    expect(asset.value).toBe(15);
    const into = graph.edges.filter(({ to }) => to === asset.id);
    expect(into.map(({ from, phrase }) => [from, phrase])).toEqual([
      [nodeId.readers, 'reads DB_PASSWORD in plain text in deployment-web.yaml'],
      [workload('web'), 'has DB_PASSWORD in plain text'],
    ]);
    expect(into.every(({ mitigation, reason }) => mitigation !== undefined && reason !== '')).toBe(true);
    expect(JSON.stringify(graph)).not.toContain(password);
  });

  it('that stand twice are one asset', () => {
    const graph = graphOf([plain, deployment('db', { env: [{ name: 'MYSQL_PASSWORD', value: password }] })]);
    expect(graph.nodes.filter(({ id }) => id.includes('/written/'))).toHaveLength(1);
  });

  it('in a ConfigMap are held by who mounts it or reads it into its environment', () => {
    const settings = objectOf('ConfigMap', 'settings', { data: { 'db.password': password } });
    const mounting = deployment('web', {}, { volumes: [{ name: 'c', configMap: { name: 'settings' } }] });
    const reading = deployment('job', { envFrom: [{ configMapRef: { name: 'settings' } }] });
    const other = deployment('other', {});
    const held = graphOf([settings, mounting, reading, other]).edges.filter(({ to }) => to.includes('/written/'));
    expect(held.map(({ from }) => from).sort()).toEqual([nodeId.readers, workload('job'), workload('web')].sort());
  });

  it('in the manifest of a Secret open the Secret, unless it is sealed or live', () => {
    const secret = objectOf('Secret', 'db', { data: { password: btoa(password) } });
    const opens = (object: ManifestObject) =>
      graphOf([object, deployment('web', {})]).edges.filter(
        ({ from, to }) => from === nodeId.readers && to.includes('/Secret/'),
      ).length;
    expect(opens(secret)).toBe(1);
    expect(opens({ ...secret, live: true })).toBe(0);
    expect(opens({ ...secret, object: { ...secret.object, sops: { mac: 'x' } } })).toBe(0);
    expect(opens({ ...secret, object: { ...secret.object, data: { password: '' } } })).toBe(0);
  });

  it('more never lower the loss', () => {
    const bare = deployment('web', {});
    expect(loss([plain])).toBeGreaterThan(loss([bare]));
    const secret = (data: JsonObject) => objectOf('Secret', 'db', { data });
    const holding = deployment('web', { envFrom: [{ secretRef: { name: 'db' } }] });
    expect(loss([holding, secret({ password: btoa(password) })])).toBeGreaterThanOrEqual(
      loss([holding, secret({ password: '' })]),
    );
  });
});

describe('build recipes', () => {
  const recipe = (...lines: [keyword: string, value: string][]) => ({
    path: 'web/Dockerfile',
    exposedPorts: [],
    instructions: lines.map(([keyword, value], at) => ({ keyword, value, line: at + 1 })),
  });
  const withRecipe = (dockerfile: ReturnType<typeof recipe>) => {
    const objects = [deployment('web', {})];
    return buildAttackGraph({
      ...factsOf(objects, workloadsOf(objects).workloads),
      dockerfiles: new Map([['app:1', dockerfile]]),
    }).graph;
  };

  it('that write secrets into images open them to who may pull, and to the containers', () => {
    const graph = withRecipe(recipe(['ADD', 'secret.txt /root/'], ['RUN', 'rm /root/secret.txt']));
    const asset = graph.nodes.find(({ label }) => label === 'secret.txt in image app:1')!;
    expect(graph.edges.filter(({ to }) => to === asset.id).map(({ from }) => from)).toEqual([
      nodeId.readers,
      workload('web'),
    ]);
  });

  it('that run what they download are likelier to be malicious', () => {
    const into = (dockerfile: ReturnType<typeof recipe>) =>
      withRecipe(dockerfile).edges.filter(({ to }) => to === nodeId.image('app:1')).length;
    expect(into(recipe(['RUN', 'curl https://x | sh']))).toBe(into(recipe(['RUN', 'true'])) + 1);
  });
});

describe('what images are pulled with', () => {
  it('lies on the nodes, and not in the pods', () => {
    const graph = graphOf([deployment('web', {}, { imagePullSecrets: [{ name: 'registry' }] })]);
    const secret = nodeId.secret('default', 'default', 'registry');
    const holders = graph.edges
      .filter(({ to, kind }) => to === secret && kind !== 'permission')
      .map(({ from }) => from);
    expect(holders).toEqual([nodeId.worker('default')]);
    expect(graph.nodes.find(({ id }) => id === secret)?.value).toBe(8);
  });
});

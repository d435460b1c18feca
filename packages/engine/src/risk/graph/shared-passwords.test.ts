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
  return objectOf('Deployment', name, body, 'shop', 'apps/v1');
};
const service = (name: string, type = 'ClusterIP') =>
  objectOf('Service', name, { spec: { type, selector: { app: name }, ports: [{ port: 5432 }] } }, 'shop');
const env = (name: string, value: string): JsonObject => ({ name, value });
const ref = (name: string, secret: string, key: string): JsonObject => ({
  name,
  valueFrom: { secretKeyRef: { name: secret, key } },
});
const database = (...variables: JsonObject[]) =>
  deployment('db', { image: 'docker.io/library/postgres:16', env: variables, ports: [{ containerPort: 5432 }] });
const web = (...variables: JsonObject[]) => deployment('web', { env: variables });
const workload = (name: string) => nodeId.workload(`default/shop/Deployment/${name}`);
const graphOf = (objects: ManifestObject[]) => buildAttackGraph(factsOf(objects, workloadsOf(objects).workloads)).graph;
const into = (objects: ManifestObject[]) =>
  graphOf(objects)
    .edges.filter(({ id }) => id.startsWith('signs-in|'))
    .map(({ from, to, probability, phrase }) => [from, to, probability, phrase]);

const deny = objectOf(
  'NetworkPolicy',
  'db',
  { spec: { podSelector: { matchLabels: { app: 'db' } }, policyTypes: ['Ingress'] } },
  'shop',
  'networking.k8s.io/v1',
);
const secret = objectOf('Secret', 'db', { data: { password: btoa(password), user: btoa('shop') } }, 'shop');

describe('the password of a server', () => {
  const signsIn = (name: string, probability = 0.5, both = ', which both have') => [
    workload('web'),
    workload('db'),
    probability,
    `signs in to shop/db with ${name}${both}`,
  ];

  it.each<[string, ManifestObject[]]>([
    ['in plain text in both', [web(env('DB_PASSWORD', password)), database(env('POSTGRES_PASSWORD', password))]],
    ['a key of one Secret', [web(ref('DB_PASSWORD', 'db', 'pw')), database(ref('POSTGRES_PASSWORD', 'db', 'pw'))]],
    [
      'in plain text and in a Secret',
      [secret, web(env('DB_PASSWORD', password)), database(ref('POSTGRES_PASSWORD', 'db', 'password'))],
    ],
  ])('opens it from a workload that has it: %s', (_, objects) => {
    expect(into(objects)).toEqual([signsIn('DB_PASSWORD')]);
    expect(JSON.stringify(graphOf(objects))).not.toContain(password);
  });

  it('is had by who takes all of its Secret', () => {
    const taking = deployment('web', { envFrom: [{ secretRef: { name: 'db' } }] });
    expect(into([secret, taking, database(ref('POSTGRES_PASSWORD', 'db', 'password'))])).toEqual([signsIn('password')]);
  });

  it('is had by who takes all of a Secret that is not here', () => {
    const taking = deployment('web', { envFrom: [{ secretRef: { name: 'db' } }] });
    expect(into([taking, database(ref('POSTGRES_PASSWORD', 'db', 'password'))])).toEqual([signsIn('db')]);
    const both = [taking, deployment('db', { image: 'postgres:16', envFrom: [{ secretRef: { name: 'db' } }] })];
    expect(into(both)).toEqual([signsIn('db')]);
  });

  it('meets in one place where many servers have it: edges grow with those who have it, not with pairs', () => {
    const many = Array.from({ length: 100 }, (_, at) =>
      deployment(`cache-${at}`, { image: 'redis:7', env: [env('REDIS_PASSWORD', password)] }),
    );
    const graph = graphOf([...many, web(env('REDIS_PASSWORD', password))]);
    const found = graph.edges.filter(({ id }) => /^(signs-in|has)\|/.test(id));
    expect(found).toHaveLength(201);
    expect(new Set(found.map(({ probability }) => probability))).toEqual(new Set([1, 0.5]));
  });

  it.each<[string, ManifestObject[]]>([
    ['another password', [web(env('DB_PASSWORD', `${password}!`)), database(env('POSTGRES_PASSWORD', password))]],
    [
      'another key of the Secret',
      [web(ref('DB_PASSWORD', 'db', 'other')), database(ref('POSTGRES_PASSWORD', 'db', 'pw'))],
    ],
    ['a name that opens nothing', [web(ref('DB_USER', 'db', 'user')), database(ref('POSTGRES_USER', 'db', 'user'))]],
    ['no server', [web(env('API_TOKEN', password)), deployment('job', { env: [env('API_TOKEN', password)] })]],
    [
      'a network that keeps it out',
      [deny, web(env('DB_PASSWORD', password)), database(env('POSTGRES_PASSWORD', password))],
    ],
  ])('does not open it: %s', (_, objects) => {
    expect(into(objects)).toEqual([]);
  });

  it('is likely the one that a workload has beside the name of the server', () => {
    const named = web(env('DB_HOST', 'db.shop.svc'), ref('DB_PASSWORD', 'web', 'pw'));
    const own = database(ref('POSTGRES_PASSWORD', 'db', 'pw'));
    expect(into([service('db'), named, own])).toEqual([signsIn('DB_PASSWORD', 0.3, '')]);
    expect(into([service('db'), web(env('DB_HOST', 'db')), own])).toEqual([]);
    const other = web(env('DB_HOST', 'db'), ref('REDIS_PASSWORD', 'web', 'pw'));
    expect(into([service('db'), other, own])).toEqual([]);
  });

  it('opens it to whoever has read it, where the Internet reaches it', () => {
    const objects = [secret, database(ref('POSTGRES_PASSWORD', 'db', 'password'))];
    expect(into([...objects, service('db')])).toEqual([]);
    expect(into([...objects, service('db', 'LoadBalancer')]).map(([from]) => from)).toEqual([
      nodeId.secret('default', 'shop', 'db'),
    ]);
  });

  it('makes the loss no lower', () => {
    const balanced = objectOf(
      'Service',
      'web',
      { spec: { type: 'LoadBalancer', selector: { app: 'web' }, ports: [{ port: 80 }] } },
      'shop',
    );
    const loss = (variable: JsonObject[]) =>
      simulate(graphOf([balanced, web(...variable), database(env('POSTGRES_PASSWORD', password))]), { worlds: 16_384 })
        .loss;
    expect(loss([env('DB_PASSWORD', password)])).toBeGreaterThan(loss([]));
  });
});

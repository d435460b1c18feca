import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectivitySuite } from './connectivity.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'breakwater-suite-'));
  mkdirSync(join(folder, 'one'));
  mkdirSync(join(folder, 'two'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const pod = (name: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: shop, labels: {app: ${name}}}\nspec: {containers: [{name: c, image: 'c:1', ports: [{name: web, containerPort: 80}]}]}\n`;
const policy = (spec: string): string =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: np, namespace: shop}\nspec: ${spec}\n`;
const write = (state: string, ...documents: string[]): void =>
  writeFileSync(join(folder, state, 'all.yaml'), documents.join('---\n'));
const ask = async (kind: string, args = {}): Promise<Record<string, unknown>> => {
  const said = await connectivitySuite.answer({ kind, dir: 'one', dir2: 'two', args }, folder);
  return 'answer' in said ? (said.answer as Record<string, unknown>) : said;
};
const WORLD = '0.0.0.0-255.255.255.255[External]';
const fromFront = policy(
  '{podSelector: {matchLabels: {app: web}}, ingress: [{from: [{podSelector: {matchLabels: {role: front}}}], ports: [{port: web}]}]}',
);

describe('connectivity of a folder', () => {
  it('lists who may open which connections to whom, as far as the case asks', async () => {
    write('one', pod('web'), pod('db'), fromFront);
    expect((await ask('connlist'))['connectivity']).toEqual([
      { src: 'shop/web[Pod]', dst: 'shop/db[Pod]', conn: 'All Connections' },
      { src: 'shop/web[Pod]', dst: WORLD, conn: 'All Connections' },
      { src: 'shop/db[Pod]', dst: WORLD, conn: 'All Connections' },
      { src: WORLD, dst: 'shop/db[Pod]', conn: 'All Connections' },
    ]);
    const focus = { focus_workloads: ['db'], focus_direction: 'ingress', focus_conn: 'tcp-80' };
    expect((await ask('connlist', focus))['connectivity']).toEqual([
      { src: 'shop/web[Pod]', dst: 'shop/db[Pod]', conn: 'TCP 80' },
      { src: WORLD, dst: 'shop/db[Pod]', conn: 'TCP 80' },
    ]);
  });

  it('tells exposure to workloads that are not there, and what no policy is about', async () => {
    write('one', pod('web'), fromFront);
    const { exposure, unprotected } = await ask('exposure');
    expect(exposure).toContainEqual({
      workload: 'shop/web[Pod]',
      direction: 'ingress',
      peer: 'shop/[pod with {role=front}]',
      conn: 'TCP 80',
    });
    expect(exposure).toContainEqual({
      workload: 'shop/web[Pod]',
      direction: 'egress',
      peer: 'entire-cluster',
      conn: 'All Connections',
    });
    expect(unprotected).toEqual([['shop/web[Pod]', 'egress']]);
  });

  it('explains every pair by the policies that decide it', async () => {
    write('one', pod('web'), pod('db'), fromFront);
    const { explain } = await ask('explain', {
      focus_workloads: ['web'],
      focus_direction: 'ingress',
      focus_workload_peers: ['db'],
    });
    expect(explain).toEqual([
      {
        src: 'shop/db[Pod]',
        dst: 'shop/web[Pod]',
        allowed: '',
        denied: 'All Connections',
        policies: ['NetworkPolicy shop/np'],
      },
    ]);
  });

  it('keeps networks apart where the case asks for them, and names what isolates pods', async () => {
    const space =
      'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {k8s.ovn.org/primary-user-defined-network: ""}}\n';
    const network =
      'apiVersion: k8s.ovn.org/v1\nkind: UserDefinedNetwork\nmetadata: {name: own, namespace: shop}\nspec: {topology: Layer2, layer2: {role: Primary}}\n';
    const other = pod('web').replace('namespace: shop', 'namespace: other');
    write('one', space, network, pod('web'), other);
    write('two', space, pod('web'), other);
    const args = { multiple_networks: true };
    expect((await ask('connlist', args))['connectivity']).toContainEqual({
      src: WORLD,
      dst: 'shop[udn]/web[Pod]',
      conn: 'All Connections',
      network: 'primary UDN shop',
    });
    expect((await ask('explain', { ...args, focus_conn: 'tcp-80' }))['explain']).toContainEqual({
      src: 'other/web[Pod]',
      dst: 'shop[udn]/web[Pod]',
      network: 'primary UDN shop',
      allowed: '',
      denied: 'TCP 80',
      policies: ['UserDefinedNetwork shop'],
    });
    expect((await ask('explain', args))['explain']).toHaveLength(4);
    expect((await ask('diff', args))['diff']).toEqual(
      ['shop', 'other'].map((from) => ({
        src: `${from}/web[Pod]`,
        dst: `${from === 'shop' ? 'other' : 'shop'}/web[Pod]`,
        ref1: 'No Connections',
        ref2: 'All Connections',
      })),
    );
    expect((await ask('connlist'))['connectivity']).toHaveLength(6);
  });

  it('tells the difference of two states, and that invalid manifests have none', async () => {
    write('one', pod('web'));
    write('two', pod('web'), policy('{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 128.0.0.0/1}}]}]}'));
    expect((await ask('diff'))['diff']).toEqual([
      {
        src: '0.0.0.0-127.255.255.255[External]',
        dst: 'shop/web[Pod]',
        ref1: 'All Connections',
        ref2: 'No Connections',
      },
    ]);
    write('two', pod('web'), policy('{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 128.0.0.0/33}}]}]}'));
    expect(await ask('diff')).toEqual({ error: true });
  });
});

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

import { existsSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readManifests } from './read-manifests.ts';
import { findFiles } from './walk-files.ts';

const POD = 'apiVersion: v1\nkind: Pod\nmetadata: {name: NAME}\nspec: {containers: [{name: c, image: i}]}\n';
const pod = (name: string): string => POD.replace('NAME', name);

function folderWith(files: Record<string, string | Buffer>): string {
  const folder = mkdtempSync(join(tmpdir(), 'manifests-'));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

describe('readManifests', () => {
  it('reads a folder: manifests, Dockerfiles, other files; no dependencies, no repository', async () => {
    const folder = folderWith({
      'b.yaml': pod('b'),
      'a/a.json': JSON.stringify({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' } }),
      'node_modules/x/x.yaml': pod('x'),
      '.git/y.yaml': pod('y'),
      'app/Dockerfile': 'FROM node:24\n',
      'app/Dockerfile.dev': 'FROM node:24-slim\n',
      'app/Dockerfile.md': '# About\n',
      'compose.yaml': 'services: {a: {image: x}}\n',
      'notes.txt': 'apiVersion: v1\n',
    });
    const seen: string[] = [];
    const read = await readManifests([folder], { onProgress: ({ done, total }) => seen.push(`${done}/${total}`) });
    expect(read.objects.map(({ kind, name }) => `${kind} ${name}`)).toEqual(['Service a', 'Pod b', 'ComposeService a']);
    expect(read.dockerfiles.map(({ baseImage }) => baseImage)).toEqual(['node:24', 'node:24-slim']);
    expect(read.otherFiles).toEqual([]);
    expect(read.unknowns).toEqual([]);
    expect(seen).toEqual(['1/5', '2/5', '3/5', '4/5', '5/5']);
  });

  it('names files relative to the working folder when they are below it', async () => {
    const { objects } = await readManifests([join(process.cwd(), 'packages/sources/package.json'), 'packages']);
    expect(objects).toEqual([]);
    const { files } = await findFiles(['packages/sources']);
    expect(files.map(({ source }) => source)).toContain('packages/sources/package.json');
    expect(relative(process.cwd(), files[0]!.path).startsWith('packages/sources')).toBe(true);
  });

  it('reads the files that a Compose file names, and none outside of what was given', async () => {
    const outside = folderWith({ 'secret.yml': 'services: {base: {image: secret}}\n' });
    const folder = folderWith({
      'app/compose.yaml': `services:
  web: { image: "web:\${TAG}", env_file: settings, extends: { file: ../shared/base.yml, service: base } }
  far: { image: far, extends: { file: ${join(outside, 'secret.yml')}, service: base } }
`,
      'app/.env': 'TAG=7\n',
      'app/settings': 'MODE=live\n',
      'shared/base.yml': 'services: {base: {image: base, privileged: true}}\n',
    });
    symlinkSync(join(outside, 'secret.yml'), join(folder, 'app/link.yml'));
    const { objects, unknowns } = await readManifests([join(folder, 'app'), join(folder, 'shared')]);
    const web = objects.find(({ name }) => name === 'web');
    expect(JSON.stringify(web?.object)).toContain('"image":"web:7"');
    expect(JSON.stringify(web?.object)).toContain('{"name":"MODE","value":"live"}');
    expect(JSON.stringify(web?.object)).toContain('"privileged":true');
    expect(unknowns.map(({ code }) => code).sort()).toEqual(['file-missing', 'file-outside', 'link-not-followed']);
    const alone = await readManifests([join(folder, 'app/compose.yaml')]);
    expect(alone.objects.map(({ name }) => name)).toEqual(['web', 'far']);
  });

  it('counts what a kustomization patches with as patches, wherever the kustomization stands', async () => {
    const folder = folderWith({
      'base/pod.yaml': pod('cart'),
      'base/settings.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: s}\n',
      'over/settings.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: s}\n',
      'over/kustomization.yaml': 'resources: [../base]\npatches: [{path: settings.yaml}]\n',
      'alone.yaml': 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec: {replicas: 1}\n',
    });
    const { objects, patches, otherFiles, unknowns } = await readManifests([folder], { render: false });
    expect(objects.map(({ name }) => name)).toEqual(['cart', 's']);
    expect(patches.map(({ name }) => name)).toEqual(['d', 's']);
    expect(otherFiles.map(({ kind }) => kind)).toEqual(['kustomization', 'kustomize-patch']);
    expect(unknowns.map(({ code }) => code).sort()).toEqual(['kustomization-unrendered', 'manifest-fragment']);
  });

  it('knows a chart by its Chart.yaml', async () => {
    const folder = folderWith({
      'shop/Chart.yaml': 'apiVersion: v2\nname: shop\n',
      'shop/templates/a.yaml': pod('{{ .Release.Name }}'),
      'shop/templates/plain.yaml': pod('plain'),
    });
    const { objects, unknowns } = await readManifests([folder], { render: false });
    expect(objects.map(({ name }) => name)).toEqual(['plain']);
    expect(unknowns).toMatchObject([
      { code: 'template-unrendered', place: { source: join(folder, 'shop/templates/a.yaml') } },
    ]);
  });

  it('tells what it left out: links, missing paths, large files', async () => {
    const outside = folderWith({ 'secret.yaml': pod('secret') });
    const folder = folderWith({ 'a.yaml': pod('a'), 'large.yaml': Buffer.alloc(17 * 1024 * 1024, '#') });
    symlinkSync(join(outside, 'secret.yaml'), join(folder, 'link.yaml'));
    symlinkSync(outside, join(folder, 'linked'));
    symlinkSync(join(folder, 'a.yaml'), join(folder, 'inside.yaml'));
    symlinkSync('/dev/zero', join(folder, 'zero.yaml'));
    const { objects, unknowns } = await readManifests([folder, join(folder, 'missing')]);
    expect(objects.map(({ name }) => name)).toEqual(['a']);
    expect(unknowns.map(({ code, place }) => [code, relative(folder, place.source)]).sort()).toEqual([
      ['file-too-large', 'large.yaml'],
      ['link-not-followed', 'link.yaml'],
      ['link-not-followed', 'linked'],
      ['link-not-followed', 'zero.yaml'],
      ['path-unreadable', 'missing'],
    ]);
  });

  it('bounds how many files it takes and how deep it goes', async () => {
    const folder = folderWith({ 'a.yaml': '', 'b.yaml': '', 'c/d/e/f.yaml': '' });
    const few = await findFiles([folder], { limits: { files: 1, entries: 100, depth: 10 } });
    expect([few.files.length, few.unknowns.map(({ code }) => code)]).toEqual([1, ['too-many-files']]);
    const flat = await findFiles([folder], { limits: { files: 9, entries: 100, depth: 1 } });
    expect([flat.files.length, flat.unknowns.map(({ code }) => code)]).toEqual([2, ['folder-too-deep']]);
  });

  it('goes on behind a file that breaks the parser', async () => {
    const bomb = `a: ${'['.repeat(90)}${'{}, '.repeat(4_000_000)}`;
    const folder = folderWith({ 'a.yaml': pod('a'), 'b.yaml': bomb, 'c.yaml': pod('c') });
    const { objects, unknowns } = await readManifests([folder]);
    expect(objects.map(({ name }) => name)).toEqual(['a', 'c']);
    expect(unknowns.map(({ place }) => relative(folder, place.source))).toEqual(['b.yaml']);
  }, 120_000);

  it('stops when it is told to', async () => {
    await expect(readManifests(['.'], { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
  });
});

const ESTATES = '../shared/estates';

interface Counts {
  kubernetes?: { objects: number; workloads: number; kinds: Record<string, number>; not_parsed: string[] };
  dockerfiles?: { files: number };
  compose?: { services: number };
  ecs?: { task_definitions: number };
  marathon?: { apps: number; pods: number };
}

describe.skipIf(!existsSync(ESTATES))('the estates (skipped without ../shared/estates)', () => {
  const stats = (
    existsSync(ESTATES) ? JSON.parse(readFileSync(join(ESTATES, 'stats.json'), 'utf8')).estates : {}
  ) as Record<string, Counts>;
  const WORKLOADS = ['Pod', 'Deployment', 'StatefulSet', 'DaemonSet', 'ReplicationController', 'Job', 'CronJob'];
  const KUSTOMIZATIONS = ['Kustomization', 'Component'];

  /*
   * The statistics count patches as objects, and kustomizations as well; we keep both apart. In kubernetes-examples two
   * scheduler policies have no name, and a pod template whose braces happen to be valid YAML is none of the objects.
   */
  const unlike: Record<string, { objects: number; workloads: number }> = {
    'kubernetes-examples': { objects: 3, workloads: 1 },
  };

  it.each(Object.keys(stats))('%s: as many objects, workloads and Dockerfiles as counted', async (estate) => {
    const { kubernetes, dockerfiles, compose, ecs, marathon } = stats[estate]!;
    const {
      objects,
      patches,
      dockerfiles: recipes,
      unknowns,
    } = await readManifests([join(ESTATES, estate)], { render: false });
    const all = [...objects, ...patches].filter(({ translation }) => translation === undefined);
    const kustomizations = KUSTOMIZATIONS.reduce((sum, kind) => sum + (kubernetes?.kinds[kind] ?? 0), 0);
    const { objects: other, workloads: otherWorkloads } = unlike[estate] ?? { objects: 0, workloads: 0 };
    expect(all.length).toBe((kubernetes?.objects ?? 0) - kustomizations - other);
    expect(all.filter(({ kind }) => WORKLOADS.includes(kind)).length).toBe(
      (kubernetes?.workloads ?? 0) - otherWorkloads,
    );
    expect(recipes.length).toBe(dockerfiles?.files ?? 0);
    const platforms = Object.groupBy(objects, ({ translation }) => translation?.platform ?? 'kubernetes');
    expect(platforms.compose?.length ?? 0).toBe(compose?.services ?? 0);
    expect(platforms.ecs?.length ?? 0).toBe(ecs?.task_definitions ?? 0);
    expect(platforms.marathon?.length ?? 0).toBe((marathon?.apps ?? 0) + (marathon?.pods ?? 0));
    const unrendered = unknowns.filter(({ code }) => code === 'template-unrendered').map(({ place }) => place.source);
    for (const path of kubernetes?.not_parsed ?? [])
      expect(unrendered.some((source) => source.endsWith(path))).toBe(true);
  });
});

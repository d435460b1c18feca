import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Change, Edit, JsonObject, ManifestObject, ObjectEdit } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { patchFor } from './patch-for.ts';

const ESTATES = '../shared/estates';
const HERE = existsSync(ESTATES);

const change = (...edits: Edit[]): Change => ({
  id: 'x',
  title: '',
  detail: '',
  workloads: [],
  edits,
  afterRebuild: false,
});

/** Objects of some files below a folder, as the manifest reader would give them. */
function objectsOf(folder: string, paths: string[]): ManifestObject[] {
  return paths.flatMap((source) => {
    const documents = parseAllDocuments(readFileSync(join(folder, source), 'utf8'), {
      uniqueKeys: false,
      logLevel: 'silent',
    });
    if (!Array.isArray(documents) || documents.some(({ errors }) => errors.length > 0)) return [];
    return documents.flatMap((document, index) => {
      const value = document.toJS() as JsonObject | null;
      const items = value?.['kind'] === 'List' ? (value['items'] as JsonObject[]) : [value];
      return items.flatMap((object, item) => {
        const name = (object?.['metadata'] as JsonObject | undefined)?.['name'];
        if (typeof name !== 'string' || typeof object?.['kind'] !== 'string') return [];
        const pointer = value?.['kind'] === 'List' ? ['items', item] : [];
        const place = { source, document: index, pointer };
        return [
          { apiVersion: 'v1', kind: object['kind'], namespace: 'default', name, cluster: 'default', object, place },
        ];
      });
    });
  });
}

const edit = (
  object: ManifestObject,
  operation: 'set' | 'remove',
  pointer: (string | number)[],
  value?: ObjectEdit['value'],
): ObjectEdit => ({
  target: 'object',
  cluster: object.cluster,
  kind: object.kind,
  namespace: object.namespace,
  name: object.name,
  operation,
  pointer,
  ...(value === undefined ? {} : { value }),
});

function inFolder(files: Record<string, string>): {
  folder: string;
  objects: ManifestObject[];
  readText(path: string): string;
} {
  const folder = mkdtempSync(join(tmpdir(), 'patch-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const objects = objectsOf(
    folder,
    Object.keys(files).filter((path) => /\.(?:ya?ml|json)$/.test(path)),
  );
  return { folder, objects, readText: (path) => readFileSync(join(folder, path), 'utf8') };
}

function apply(folder: string, patch: string): void {
  execFileSync('git', ['apply', '--whitespace=nowarn', '-'], {
    cwd: folder,
    input: patch,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

const POD =
  'kind: Pod\nmetadata:\n  name: cart\nspec:\n  containers:\n  - name: cart # the shop\n    image: "cart:1"\n';

describe('patchFor', () => {
  it('patches every file that defines the object, and finds a container by its name', () => {
    const other = POD.replace('  containers:\n', '  containers:\n  - name: proxy\n    image: proxy:1\n');
    const { folder, objects, readText } = inFolder({ 'a.yaml': POD, 'sub/b.yaml': `# b\n---\n${other}` });
    const pointer = ['spec', 'containers', 0, 'securityContext', 'privileged'];
    const result = patchFor(change(edit(objects[0]!, 'set', pointer, false)), { objects, readText });
    expect(result).toMatchObject({ files: ['a.yaml', 'sub/b.yaml'], notes: [] });
    apply(folder, result.patch);
    const added = '    securityContext:\n      privileged: false\n';
    expect(readText('a.yaml')).toBe(POD + added);
    expect(readText('sub/b.yaml')).toBe(`# b\n---\n${other}${added}`);
  });

  it('applies below the top of a repository, with paths of the current folder', () => {
    const { folder, objects, readText } = inFolder({ 'k8s/a.yaml': POD });
    execFileSync('git', ['init', '-q'], { cwd: folder });
    const below = objectsOf(join(folder, 'k8s'), ['a.yaml']);
    const { patch } = patchFor(change(edit(objects[0]!, 'set', ['spec', 'hostPID'], false)), {
      objects: below,
      readText: (path) => readText(join('k8s', path)),
    });
    apply(join(folder, 'k8s'), patch);
    expect(readText('k8s/a.yaml')).toBe(`${POD}  hostPID: false\n`);
  });

  it('edits many objects of one list together, and one that cannot be edited costs only itself', () => {
    const item = (name: string, security: string) =>
      `- kind: Pod\n  metadata: {name: ${name}}\n  spec:\n    hostPID: yes\n    containers:\n    - name: a\n      securityContext: ${security}\n`;
    const names = Array.from({ length: 30 }, (_, at) => `p${at}`);
    const text = `kind: List\nitems:\n${item('first', '&s {privileged: yes}')}${names.map((name) => item(name, '{privileged: yes}')).join('')}${item('last', '*s')}`;
    const { folder, objects, readText } = inFolder({ 'all.yaml': text });
    const edits = objects.flatMap((object) => [
      edit(object, 'remove', ['spec', 'containers', 0, 'securityContext', 'privileged']),
      edit(object, 'remove', ['spec', 'hostPID']),
    ]);
    const { patch, notes } = patchFor(change(...edits.slice(2)), { objects, readText });
    expect(notes).toEqual(['all.yaml was left as it is: the field is an alias of another one']);
    apply(folder, patch);
    const expected = names.map((name) => item(name, '{}').replace('    hostPID: yes\n', '')).join('');
    expect(readText('all.yaml')).toBe(
      `kind: List\nitems:\n${item('first', '&s {privileged: yes}')}${expected}${item('last', '*s')}`,
    );
  });

  it('combines changes to manifests, a Dockerfile and new objects in one patch', () => {
    const { folder, objects, readText } = inFolder({ 'a b.yaml': POD.trimEnd(), Dockerfile: 'FROM node\r\nCMD x\r\n' });
    const policy = {
      kind: 'NetworkPolicy',
      metadata: { name: 'cart' },
      spec: { podSelector: {}, policyTypes: ['Ingress'] },
    };
    const { patch, files, notes } = patchFor(
      [
        change(edit(objects[0]!, 'set', ['spec', 'containers', 0, 'image'], 'cart:2')),
        change({ target: 'text', path: 'Dockerfile', line: 1, operation: 'insert-after', lines: ['USER 10001'] }),
        change({ target: 'new-object', fileName: 'cart-policy.yaml', beside: 'a b.yaml', object: policy }),
      ],
      { objects, readText },
    );
    expect({ files, notes }).toEqual({ files: ['Dockerfile', 'a b.yaml', 'cart-policy.yaml'], notes: [] });
    apply(folder, patch);
    expect(readText('a b.yaml')).toBe(POD.trimEnd().replace('cart:1', 'cart:2'));
    expect(readText('Dockerfile')).toBe('FROM node\r\nUSER 10001\r\nCMD x\r\n');
    expect(objectsOf(folder, ['cart-policy.yaml'])[0]?.object).toEqual(policy);
  });

  it('leaves a file that it cannot edit with safety, and says why', () => {
    const aliased = 'base: &base {hostPID: true}\nkind: Pod\nmetadata: {name: cart}\nspec: *base\n';
    const { objects, readText } = inFolder({ 'a.yaml': aliased });
    const result = patchFor(change(edit(objects[0]!, 'set', ['spec', 'hostPID'], false)), { objects, readText });
    expect(result).toEqual({
      patch: '',
      files: [],
      notes: ['a.yaml was left as it is: the field is an alias of another one'],
    });
  });

  it('says when no file defines the object', () => {
    const { objects, readText } = inFolder({ 'a.yaml': POD });
    const missing = edit({ ...objects[0]!, name: 'gone' }, 'set', ['spec', 'hostPID'], false);
    expect(patchFor(change(missing), { objects, readText }).notes).toEqual([
      'Pod gone is defined in none of the files at hand',
    ]);
  });

  it('never overwrites a file with a new object', () => {
    const { objects, readText } = inFolder({ 'a.yaml': POD });
    const addition = { target: 'new-object' as const, fileName: 'a.yaml', beside: 'a.yaml', object: { kind: 'X' } };
    expect(patchFor([change(addition), change(addition)], { objects, readText }).files).toEqual(['a-2.yaml']);
  });

  const estates = ['microservices-demo', 'kubernetes-goat', 'kubernetes-examples', 'argo-cd', 'kube-prometheus'];
  it.skipIf(!HERE).each(estates)(
    'patches every workload and service of %s (skipped without ../shared/estates)',
    (estate) => {
      const folder = mkdtempSync(join(tmpdir(), 'estate-'));
      cpSync(join(ESTATES, estate), folder, { recursive: true });
      execFileSync('chmod', ['-R', 'u+w', folder]);
      const paths = globSync('**/*.{yaml,yml,json}', { cwd: folder });
      const objects = objectsOf(folder, paths);
      const readText = (path: string): string => readFileSync(join(folder, path), 'utf8');
      const sets = patchFor(objects.flatMap(hardenings), { objects, readText });
      expect(sets.notes).toEqual([]);
      expect(sets.patch.split('\n').filter((line) => /^-\s*#/.test(line))).toEqual([]);
      apply(folder, sets.patch);
      const removals = patchFor(objects.flatMap(withoutHostPaths), { objects: objectsOf(folder, paths), readText });
      expect(removals.notes).toEqual([]);
      if (removals.patch !== '') apply(folder, removals.patch);
      expect(objectsOf(folder, paths).flatMap(withoutHostPaths)).toEqual([]);
      for (const object of objectsOf(folder, paths)) {
        if (object.kind === 'Service') expect((object.object['spec'] as JsonObject)['type']).toBe('ClusterIP');
      }
    },
    120_000,
  );

  const podPathOf = ({ kind }: ManifestObject): string[] => (kind === 'Pod' ? ['spec'] : ['spec', 'template', 'spec']);

  function podSpecOf(object: ManifestObject): JsonObject | undefined {
    let at: JsonObject | undefined = object.object;
    for (const step of podPathOf(object)) at = at?.[step] as JsonObject | undefined;
    return Array.isArray(at?.['containers']) ? at : undefined;
  }

  function hardenings(object: ManifestObject): Change[] {
    if (object.kind === 'Service') return [change(edit(object, 'set', ['spec', 'type'], 'ClusterIP'))];
    const spec = podSpecOf(object);
    const containers = (spec?.['containers'] ?? []) as JsonObject[];
    const path = podPathOf(object);
    const unprivileged = containers.map((_, index) => [...path, 'containers', index, 'securityContext', 'privileged']);
    const pointers = spec === undefined ? [] : [[...path, 'automountServiceAccountToken'], ...unprivileged];
    return [change(...pointers.map((pointer) => edit(object, 'set', pointer, false)))];
  }

  function withoutHostPaths(object: ManifestObject): Change[] {
    const spec = podSpecOf(object);
    const path = podPathOf(object);
    const volumes = ((spec?.['volumes'] ?? []) as JsonObject[]).map((volume) =>
      'hostPath' in volume ? volume['name'] : undefined,
    );
    const pointers = volumes.flatMap((name, index) => (name === undefined ? [] : [[...path, 'volumes', index]]));
    const containers = (spec?.['containers'] ?? []) as JsonObject[];
    const mounts = containers.flatMap((container, index) =>
      ((container['volumeMounts'] ?? []) as JsonObject[]).flatMap((mount, at) =>
        volumes.includes(mount['name']) ? [[...path, 'containers', index, 'volumeMounts', at]] : [],
      ),
    );
    const edits = [...pointers, ...mounts].map((pointer) => edit(object, 'remove', pointer));
    return edits.length === 0 ? [] : [change(...edits)];
  }
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { locatePlaces } from '../locate-places.ts';
import { readManifests } from '../read-manifests.ts';
import { locateInTemplate } from './locate-in-template.ts';
import { takeOrigin } from './object-origin.ts';
import { findTool } from './run-tool.ts';
import { splitRendered } from './split-rendered.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'breakwater-rendering-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  vi.unstubAllEnvs();
});

function write(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

const CHART = {
  'shop/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 0.1.0\n',
  'shop/values.yaml': 'privileged: true\nname: web\n',
  'shop/templates/web.yaml': `{{- if .Values.name }}
apiVersion: v1
kind: Pod
metadata:
  name: {{ .Values.name }}
spec:
  containers:
    - name: web
      image: "nginx:1.27"
      securityContext:
        privileged: {{ .Values.privileged }}
{{- end }}
`,
  'shop/templates/plain.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: plain }\n',
};
const BASE = {
  'base/kustomization.yaml': 'resources: [web.yaml]\n',
  'base/web.yaml':
    'apiVersion: v1\nkind: Pod\nmetadata: { name: web }\nspec:\n  containers:\n    - name: web\n      image: nginx\n      securityContext: { privileged: true }\n',
  'prod/kustomization.yaml': `resources: [../base]
namePrefix: prod-
patches:
  - patch: |-
      - { op: replace, path: /spec/containers/0/securityContext/privileged, value: false }
    target: { kind: Pod }
`,
};

const helm = findTool(['helm']);
const kustomize = findTool(['kustomize', 'kubectl']);

describe.skipIf(helm === undefined)('charts (skipped: no helm in the PATH)', () => {
  it('are rendered with their own values, and objects placed in their templates', async () => {
    write(CHART);
    const { objects, unknowns } = await readManifests([folder]);
    expect(unknowns).toEqual([]);
    expect(objects.map(({ name }) => name).sort()).toEqual(['plain', 'web']);
    const web = objects.find(({ name }) => name === 'web')!;
    expect(web.place).toEqual({ source: join(folder, 'shop/templates/web.yaml') });
    const pointer = ['spec', 'containers', 0, 'securityContext', 'privileged'];
    expect(await locatePlaces([{ ...web.place, pointer }])).toMatchObject([{ line: 11, column: 9 }]);
  });

  it('take the values that are given', async () => {
    write({ ...CHART, 'other.yaml': 'name: other\n' });
    const { objects } = await readManifests([folder], { values: [join(folder, 'other.yaml')] });
    expect(objects.map(({ name }) => name).sort()).toEqual(['other', 'plain']);
  });

  it('that cannot be rendered stay unknown, with what helm says', async () => {
    write({ ...CHART, 'shop/templates/web.yaml': '{{ fail "give me a name" }}' });
    const { objects, unknowns } = await readManifests([folder]);
    expect(objects.map(({ name }) => name)).toEqual(['plain']);
    expect(unknowns.map(({ code }) => code).sort()).toEqual(['chart-unrendered', 'template-unrendered']);
    expect(unknowns.find(({ code }) => code === 'chart-unrendered')?.message).toContain('give me a name');
  });
});

describe.skipIf(kustomize === undefined)('kustomizations (skipped: neither kustomize nor kubectl in the PATH)', () => {
  it('are rendered where they change anything, and objects placed in the files that they come from', async () => {
    write(BASE);
    const { objects, unknowns } = await readManifests([folder]);
    expect(unknowns).toEqual([]);
    expect(objects.map(({ name }) => name)).toEqual(['prod-web']);
    const [web] = objects;
    expect(JSON.stringify(web?.object)).toContain('"privileged":false');
    expect(JSON.stringify(web?.object)).not.toContain('origin');
    expect(web?.place).toMatchObject({ source: join(folder, 'base/web.yaml'), document: 0 });
  });

  it('that need other machines are read as they stand', async () => {
    write({
      ...BASE,
      'prod/kustomization.yaml':
        'resources: [../base, "https://example.invalid/x//y?ref=1"]\nimages: [{ name: a, newTag: b }]\n',
    });
    const { objects, unknowns } = await readManifests([folder]);
    expect(objects.map(({ name }) => name)).toEqual(['web']);
    expect(unknowns).toMatchObject([
      { code: 'kustomization-unrendered', place: { source: join(folder, 'prod/kustomization.yaml') } },
    ]);
    expect(unknowns[0]?.message).toContain('https://example.invalid');
  });
});

describe('without the tools', () => {
  it('templates and kustomizations are unknown, and the hint names the tool', async () => {
    vi.stubEnv('PATH', '');
    write({ ...CHART, ...BASE });
    const { objects, unknowns } = await readManifests([folder]);
    expect(objects.map(({ name }) => name).sort()).toEqual(['plain', 'web']);
    expect(unknowns.map(({ code }) => code).sort()).toEqual(['kustomization-unrendered', 'template-unrendered']);
    expect(unknowns.map(({ hint }) => hint).join(' ')).toMatch(
      /helm.*https:.*kustomize.*https:|kustomize.*https:.*helm.*https:/,
    );
  });
});

describe('splitRendered', () => {
  it('gives each template what it made, and nothing to nobody', () => {
    const output =
      'warning\n---\n# Source: shop/templates/a.yaml\na: 1\n---\n# Source: shop/charts/db/templates/b.yaml\nb: 1\n---\nb: 2\n---\n# Source: shop/templates/a.yaml\na: 2\n';
    expect([...splitRendered(output)]).toEqual([
      ['templates/a.yaml', '---\na: 1\n---\na: 2\n\n'],
      ['charts/db/templates/b.yaml', '---\nb: 1\n---\nb: 2\n'],
    ]);
  });
});

describe('locateInTemplate', () => {
  const TEMPLATE =
    'spec:\n  template:\n    spec:\n      securityContext: {}\n      containers:\n        - name: a\n          securityContext:\n            {{- toYaml .Values.x | nindent 12 }}\n          image: x\n';

  it.each([
    [['spec', 'template', 'spec', 'containers', 0, 'image'], 9],
    [['spec', 'template', 'spec', 'containers', 0, 'securityContext', 'privileged'], 7],
    [['spec', 'template', 'spec', 'containers', 0, 'ports'], 5],
    [['metadata', 'name'], 6],
    [['status'], undefined],
  ])('finds %j in line %s', (pointer, line) => {
    expect(locateInTemplate(TEMPLATE, pointer)?.line).toBe(line);
  });
});

describe('takeOrigin', () => {
  it('takes its note from an object, and nothing else', () => {
    const annotations = { 'config.kubernetes.io/origin': 'path: ../a/b.yaml\n', own: 'x' };
    expect(takeOrigin({ metadata: { name: 'a', annotations } })).toEqual({
      origin: '../a/b.yaml',
      object: { metadata: { name: 'a', annotations: { own: 'x' } } },
    });
    expect(takeOrigin({ metadata: null }).origin).toBeUndefined();
  });
});

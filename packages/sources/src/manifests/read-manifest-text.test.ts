import { describe, expect, it } from 'vitest';
import { readManifestText } from './read-manifest-text.ts';

const read = (text: string, source = 'k8s/a.yaml', inChart = false) => readManifestText({ source, text, inChart });
const POD = 'apiVersion: v1\nkind: Pod\nmetadata: {name: cart}\nspec: {containers: [{name: c, image: cart}]}\n';

describe('languages of infrastructure', () => {
  it.each([
    ['stack.yaml', 'Resources:\n  T:\n    Type: AWS::ECS::TaskDefinition\n    Properties: { Family: !Ref F }\n'],
    ['stack.json', '{"Resources":{"S":{"Type":"AWS::ECS::Service"}}}'],
    ['plan.json', '{"planned_values":{},"resource_changes":[{"type":"aws_ecs_task_definition"}]}'],
  ])('that define what runs in ECS are told as not read: %s', (source, text) => {
    expect(readManifestText({ source, text, inChart: false })).toMatchObject({
      kind: 'infrastructure',
      unknowns: [{ code: 'format-unsupported', place: { source } }],
    });
  });

  it('that define other things are not ours', () => {
    const text = '{"Resources":{"B":{"Type":"AWS::S3::Bucket"}}}';
    expect(readManifestText({ source: 'stack.json', text, inChart: false })).toMatchObject({
      kind: 'other',
      unknowns: [],
    });
  });
});

describe('readManifestText', () => {
  it('reads objects with the place where they begin', () => {
    const { objects, unknowns } = read(`# Source: shop/templates/a.yaml\n---\n${POD}`);
    expect(unknowns).toEqual([]);
    expect(objects).toMatchObject([
      {
        kind: 'Pod',
        name: 'cart',
        namespace: 'default',
        cluster: 'default',
        place: { source: 'k8s/a.yaml', document: 0, line: 3 },
      },
    ]);
  });

  it('expands lists, of named kinds too, and keeps the pointer of each item', () => {
    const list = `apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Secret, metadata: {name: a}}\n- kind: ConfigMapList\n  apiVersion: v1\n  items: [{metadata: {name: b, namespace: shop}}]\n- text\n`;
    const { objects, unknowns } = read(list);
    expect(objects.map(({ kind, namespace, name, place }) => [kind, namespace, name, place.pointer])).toEqual([
      ['Secret', 'default', 'a', ['items', 0]],
      ['ConfigMap', 'shop', 'b', ['items', 1, 'items', 0]],
    ]);
    expect(unknowns).toMatchObject([{ code: 'object-invalid', place: { pointer: ['items', 2] } }]);
  });

  it('puts cluster-scoped kinds in no namespace', () => {
    const { objects } = read(
      '{apiVersion: v1, kind: Namespace, metadata: {name: a}}\n---\n{apiVersion: x.io/v1, kind: ClusterThing, metadata: {name: b}}\n---\n{apiVersion: x.io/v1, kind: Cluster, metadata: {name: c}}\n',
    );
    expect(objects.map(({ namespace }) => namespace)).toEqual(['', '', 'default']);
  });

  it.each([
    ['names no kind', 'apiVersion: v1\nmetadata: {name: a}\n', 'kind-missing'],
    ['has no name', 'apiVersion: v1\nkind: Pod\nmetadata: {}\n', 'object-unnamed'],
    ['has a name that is no text', 'apiVersion: v1\nkind: Pod\nmetadata: {name: [1]}\n', 'object-unnamed'],
    ['is no YAML', 'apiVersion: v1\nkind: Pod: x\n', 'yaml-invalid'],
  ])('tells of an object that %s', (_, text, code) => {
    expect(read(text)).toMatchObject({
      objects: [],
      unknowns: [{ code, place: { source: 'k8s/a.yaml', line: expect.any(Number) } }],
    });
  });

  it.each([
    ['a chart template', 'kind: Pod\nname: {{ .Values.name }}\n', 'c/templates/a.yaml', true],
    ['a template that is no YAML', 'apiVersion: v1\nkind: Pod\nspec: {{ spec }}\n', 'a.yaml', false],
    ['a name to be filled in', 'apiVersion: v1\nkind: Secret\nmetadata: {name: "a-{{ cell }}"}\n', 'a.yaml', false],
    ['an image to be filled in', POD.replace('image: cart', 'image: "{{ image }}"'), 'a.yaml', false],
  ])('says of %s that it is not rendered', (_, text, source, inChart) => {
    expect(read(text, source, inChart)).toMatchObject({
      objects: [],
      kind: 'helm-template',
      unknowns: [{ code: 'template-unrendered' }],
    });
  });

  it('reads objects whose texts rightly hold braces', () => {
    const rule =
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: alerts}\ndata: {text: "{{ $labels.pod }} is down"}\n';
    expect(read(rule)).toMatchObject({ objects: [{ name: 'alerts' }], unknowns: [] });
  });

  it('tells patches from workloads', () => {
    const texts = [
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec: {replicas: 2}\n',
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec: {template: {spec: {containers: [{name: c, env: []}]}}}\n',
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\n$patch: delete\n',
      'apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: a}\nspec: {jobTemplate: {spec: {template: {spec: {}}}}}\n',
    ];
    for (const text of texts) expect(read(text)).toMatchObject({ objects: [], patches: [{ name: 'a' }] });
    expect(read(POD).patches).toEqual([]);
  });

  it('keeps a workload whose containers are of a wrong type: that is a fault, not a patch', () => {
    expect(read(POD.replace('[{name: c, image: cart}]', '{}')).objects).toHaveLength(1);
  });

  it.each([
    ['compose', 'services: {web: {image: x}}\n', 'stack/app.yml'],
    ['compose', '', 'compose.yaml'],
    ['ecs', '{"family": "a", "containerDefinitions": []}', 'task.json'],
    ['marathon', '{"id": "/a", "cmd": "sleep 1"}', 'app.json'],
    ['marathon', '{"apps": [{"id": "/a", "cmd": "sleep 1"}]}', 'apps.json'],
    ['kustomization', 'resources: [a.yaml]\n', 'kustomization.yaml'],
    ['kustomization', 'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n', 'x.yaml'],
    ['kustomize-patch', '- {op: remove, path: /spec/x}\n', 'p.yaml'],
    ['helm-chart', 'apiVersion: v2\nname: shop\n', 'shop/Chart.yaml'],
    ['helm-values', 'image: x\n', 'shop/values.yaml'],
    ['configuration', 'apiVersion: skaffold/v4\nkind: Config\n', 'skaffold.yaml'],
    ['configuration', 'apiVersion: v1\nkind: Config\nclusters: []\n', 'kubeconfig.yaml'],
    ['other', 'jobs: {build: {steps: []}}\n', '.github/workflows/ci.yml'],
    ['other', '{"name": "shop", "version": "1"}', 'package.json'],
  ])('lists %s files without noise', (kind, text, source) => {
    const result = read(text, source);
    expect(result).toMatchObject({ objects: [], unknowns: [] });
    if (text !== '') expect(result.kind).toBe(kind);
  });

  it('takes the configuration of a kubelet or kube-proxy for an object, which has no name', () => {
    const kubelet = 'apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nreadOnlyPort: 10255\n';
    expect(read(kubelet, 'config.yaml')).toMatchObject({
      objects: [
        { kind: 'KubeletConfiguration', name: 'KubeletConfiguration', namespace: '', object: { readOnlyPort: 10255 } },
      ],
      unknowns: [],
    });
    const scheduler = 'apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\n';
    expect(read(scheduler, 'config.yaml')).toMatchObject({ objects: [], unknowns: [], kind: 'configuration' });
  });

  it('takes the files that a kustomization patches with, and says that it was not rendered', () => {
    const text =
      'patches: [{path: a.yaml}, {patch: "- op: remove"}]\npatchesStrategicMerge: [b.yaml, "kind: x\\n"]\npatchesJson6902: [{path: c.yaml}]\n';
    expect(read(text, 'kustomization.yaml')).toMatchObject({
      patchFiles: ['a.yaml', 'c.yaml', 'b.yaml'],
      unknowns: [{ code: 'kustomization-unrendered' }],
    });
  });
});

import type { Image, ManifestObject } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { withImageUsers } from './with-image-users.ts';

const CONTEXT = ['spec', 'template', 'spec', 'containers', 0, 'securityContext'];

const service = (container: Record<string, string | { dockerfile: string; target?: string }>): ManifestObject => ({
  apiVersion: 'compose/v1',
  kind: 'ComposeService',
  cluster: 'docker',
  namespace: 'shop',
  name: 'web',
  place: { source: 'compose.yaml' },
  object: { spec: { template: { spec: { containers: [{ name: 'web', ...container }] } } } },
  translation: {
    platform: 'compose',
    origins: [],
    unknown: [{ pointer: [...CONTEXT, 'runAsNonRoot'], reason: 'the user of the image' }],
  },
});
const image = (user?: string): Image =>
  ({
    id: 'sha256:1',
    references: ['docker.io/library/nginx:1'],
    manifestDigests: [],
    config: { user },
  }) as unknown as Image;
const recipe = (user?: string) => ({ path: 'web/Dockerfile', user, exposedPorts: [], instructions: [] });

/** The security context afterwards, and whether anything is still unknown. */
function settle(object: ManifestObject, images: Image[], recipes: ReturnType<typeof recipe>[] = []): unknown {
  const [settled] = withImageUsers([object], images, recipes) as [ManifestObject];
  const template = settled.object['spec'] as { template: { spec: { containers: { securityContext?: object }[] } } };
  return [template.template.spec.containers[0]?.securityContext, settled.translation?.unknown.length];
}

describe('withImageUsers', () => {
  it.each([
    [undefined, { runAsUser: 0 }],
    ['', { runAsUser: 0 }],
    ['root', { runAsUser: 0 }],
    ['101:101', { runAsUser: 101, runAsNonRoot: true }],
    ['node', { runAsNonRoot: true }],
  ])('takes the user %j of the image that a service names', (user, expected) => {
    expect(settle(service({ image: 'nginx:1' }), [image(user)])).toEqual([expected, 0]);
  });

  it('takes the user of the Dockerfile that builds it, unless it builds a stage or fills in variables', () => {
    const build = { dockerfile: 'web/Dockerfile' };
    expect(settle(service({ image: 'shop-web', build }), [], [recipe('7')])).toEqual([
      { runAsUser: 7, runAsNonRoot: true },
      0,
    ]);
    for (const [given, user] of [
      [{ ...build, target: 'x' }, '7'],
      [build, '$USER'],
      [build, undefined],
    ] as const)
      expect(settle(service({ image: 'shop-web', build: given }), [], [recipe(user)])).toEqual([undefined, 1]);
  });

  it('leaves what it cannot settle as the same object', () => {
    const object = service({ image: 'nginx:2' });
    expect(withImageUsers([object], [image('1')], [])[0]).toBe(object);
  });
});

import type { JsonObject, ManifestObject, ObjectEdit } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { applyEdits } from './apply-edits.ts';

function pod(name: string, spec: JsonObject, source = 'a.yaml'): ManifestObject {
  const object = { apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec };
  return { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name, cluster: 'default', object, place: { source } };
}

const edit = (
  name: string,
  operation: 'set' | 'remove',
  pointer: (string | number)[],
  value?: boolean,
): ObjectEdit => ({
  target: 'object',
  cluster: 'default',
  namespace: 'shop',
  kind: 'Pod',
  name,
  operation,
  pointer,
  ...(value === undefined ? {} : { value }),
});

describe('applyEdits', () => {
  it('changes every definition of the object and copies nothing else', () => {
    const objects = [pod('cart', { hostPID: true }), pod('other', {}), pod('cart', {}, 'b.yaml')];
    const edited = applyEdits(objects, [edit('cart', 'set', ['spec', 'hostPID'], false)]);
    expect(edited.map(({ object }) => object['spec'])).toEqual([{ hostPID: false }, {}, { hostPID: false }]);
    expect(edited[1]).toBe(objects[1]);
    expect(objects[0]!.object['spec']).toEqual({ hostPID: true });
  });

  it('counts indexes in the variant that the workload describes, and finds the same container in the others', () => {
    const calm = { containers: [{ name: 'web', image: 'w' }] };
    const worst: JsonObject = {
      containers: [
        { name: 'proxy', image: 'p' },
        { name: 'web', image: 'w', securityContext: { privileged: true } },
      ],
    };
    const pointer = ['spec', 'containers', 1, 'securityContext', 'privileged'];
    const [first, second] = applyEdits(
      [pod('cart', calm), pod('cart', worst, 'b.yaml')],
      [edit('cart', 'set', pointer, false)],
    );
    expect(first!.object['spec']).toEqual({
      containers: [{ name: 'web', image: 'w', securityContext: { privileged: false } }],
    });
    expect(second!.object).toMatchObject({
      spec: { containers: [{ name: 'proxy' }, { securityContext: { privileged: false } }] },
    });
    expect(JSON.stringify((second!.object['spec'] as JsonObject)['containers'])).not.toContain('"privileged":true');
  });
});

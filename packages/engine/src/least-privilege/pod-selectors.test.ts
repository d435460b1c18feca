import type { JsonObject, ManifestObject } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { workloadsOf } from '../inventory/index.ts';
import { fieldAt } from '../json/index.ts';
import { compiled, deployment } from './least-privilege.fixture.ts';
import { podSelectors } from './pod-selectors.ts';

describe('selectors', () => {
  const selectorOf = (objects: readonly ManifestObject[], name: string) =>
    fieldAt(
      compiled(objects).policies.find((policy) => fieldAt(policy, 'metadata', 'name') === `breakwater-${name}`),
      'spec',
      'podSelector',
    );
  const labelled = (name: string, labels: JsonObject, kind = 'Deployment') => {
    const object = { ...deployment(name), kind };
    object.object = {
      kind,
      spec: {
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: 'a', image: 'a' }] } },
      },
    };
    return object;
  };

  it('are the controller’s own, which no release changes', () => {
    const object = deployment('web');
    (fieldAt(object.object, 'spec', 'template', 'metadata') as JsonObject)['labels'] = { app: 'web', version: '1.2.3' };
    expect(selectorOf([object], 'web')).toEqual({ matchLabels: { app: 'web' } });
  });

  it('pass over labels of other platforms that no selector can name', () => {
    const labels = { app: 'web', 'com.example.note': 'two words', PATH: '/a b' };
    const [web] = workloadsOf([deployment('web')]).workloads;
    expect(podSelectors([], [{ ...web!, podLabels: labels }]).get(web!.id)?.written).toEqual({
      matchLabels: { app: 'web' },
    });
  });

  it('are narrowed where they would select others too', () => {
    const main = labelled('main', { app: 'x' });
    const worker = labelled('worker', { app: 'x', part: 'worker' });
    expect(selectorOf([main, worker], 'main')).toEqual({
      matchLabels: { app: 'x' },
      matchExpressions: [{ key: 'part', operator: 'DoesNotExist' }],
    });
    expect(selectorOf([main, worker], 'worker')).toEqual({ matchLabels: { app: 'x', part: 'worker' } });
  });

  it('are one where no lasting label differs, and it is said', () => {
    const { policies, gaps, isolated } = compiled([labelled('a', { app: 'x' }), labelled('b', { app: 'x' })]);
    expect(policies).toHaveLength(2);
    expect(isolated).toHaveLength(2);
    expect(gaps.map(({ code }) => code)).toContain('shared-labels');
  });
});

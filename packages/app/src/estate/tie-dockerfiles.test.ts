import type { Dockerfile, Workload } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import type { AssessedWorkload } from '../assessment/assessment.ts';
import { exampleAssessment } from '../testing/index.ts';
import { tieDockerfiles } from './tie-dockerfiles.ts';

function workloadsOf(image: string): Workload[] {
  const [{ workload }] = exampleAssessment('', ['cart'], []).workloads as [AssessedWorkload];
  return [{ ...workload, containers: [{ image } as Workload['containers'][number]] }];
}

const dockerfile = (path: string): Dockerfile => ({ path, exposedPorts: [], instructions: [] });

function tied(image: string, ...paths: string[]): string | undefined {
  return tieDockerfiles(workloadsOf(image), paths.map(dockerfile)).get(image)?.path;
}

describe('tieDockerfiles', () => {
  it.each([
    [
      'by the folder that has the image’s name',
      'registry.example/shop/cart:1',
      ['a/cart/Dockerfile', 'b/web/Dockerfile'],
      'a/cart/Dockerfile',
    ],
    ['by the end of the name', 'registry.example/shop-cart:1', ['cart/Dockerfile'], 'cart/Dockerfile'],
    [
      'by the whole name before its end',
      'registry.example/shop-cart:1',
      ['cart/Dockerfile', 'shop-cart/Dockerfile'],
      'shop-cart/Dockerfile',
    ],
    [
      'by digest references too',
      `registry.example/cart@sha256:${'0'.repeat(64)}`,
      ['cart/Dockerfile'],
      'cart/Dockerfile',
    ],
  ])('ties %s', (_, image, paths, expected) => {
    expect(tied(image, ...paths)).toBe(expected);
  });

  it.each([
    ['two folders fit', 'registry.example/cart:1', ['a/cart/Dockerfile', 'b/cart/Dockerfile']],
    ['none fits', 'registry.example/cart:1', ['web/Dockerfile', 'Dockerfile']],
    ['the image has no name', '', ['cart/Dockerfile']],
  ])('ties nothing where %s', (_, image, paths) => {
    expect(tied(image, ...paths)).toBeUndefined();
  });
});

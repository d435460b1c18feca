import { createOwnership } from '@breakwater/engine/evidence';
import type { Detection } from '@breakwater/engine/policy/events';
import { Component, Image, type RuntimeEvent, Workload } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import type { Surroundings } from './estate-surroundings.ts';
import { tellStory } from './tell-story.ts';

const curl = Component.parse({
  id: 'pkg:deb/debian/curl@7.88.1',
  type: 'deb',
  name: 'curl',
  version: '7.88.1',
  purl: 'pkg:deb/debian/curl@7.88.1',
  path: '/var/lib/dpkg/status',
  layer: 'sha256:b',
  files: ['/usr/bin/curl'],
});
const image = Image.parse({
  id: `sha256:${'1'.repeat(64)}`,
  source: 'docker-archive',
  target: 'web.tar',
  references: ['registry.example/shop/web:1'],
  layers: [
    { diffId: 'sha256:a', size: 1, createdBy: '/bin/sh -c #(nop) ADD file:1 in /' },
    { diffId: 'sha256:b', size: 1, createdBy: 'RUN /bin/sh -c apt-get update && apt-get install -y curl # buildkit' },
  ],
  components: [curl],
});
const dockerfile = {
  path: 'images/web/Dockerfile',
  exposedPorts: [],
  instructions: [
    { line: 2, keyword: 'FROM', value: 'debian:12' },
    { line: 4, keyword: 'RUN', value: 'apt-get update &&  apt-get install -y curl' },
  ],
};
const definition = Workload.parse({
  id: 'default/shop/Deployment/web',
  kind: 'Deployment',
  namespace: 'shop',
  name: 'web',
  cluster: 'default',
  definitions: [{ source: 'k8s/web.yaml', line: 1 }],
  containers: [],
  podSpecPointer: ['spec'],
  serviceAccount: 'web',
});
const ownership = createOwnership([curl]);
const known: Surroundings = {
  image,
  dockerfile,
  definition,
  componentsOf: (path) => ownership.owners(path).map(() => curl),
  exposure: [
    {
      workload: definition.id,
      port: 80,
      protocol: 'TCP',
      through: 'node-port',
      via: 'web',
      from: 'network',
      phrase: 'by node port 30080',
      places: [],
    },
    {
      workload: definition.id,
      port: 80,
      protocol: 'TCP',
      through: 'ingress',
      via: 'shop',
      from: 'internet',
      phrase: 'through ingress shop',
      places: [],
    },
  ],
  identity: {
    name: 'shop/web',
    steps: ['can read every secret in shop', 'can make pods', 'a', 'b'].map((phrase) => ({ phrase }) as never),
  },
};

const story = (actor: NonNullable<RuntimeEvent['process']>, surroundings: Surroundings): string[] =>
  tellStory(
    {
      event: { source: 'sensor', time: '2026-11-22T12:00:00Z', type: 'exec', process: actor },
      policy: { spec: { why: 'Because.' } },
      ancestors: [],
    } as unknown as Detection,
    surroundings,
  );

describe('the story of an alert', () => {
  it('names component, layer, Dockerfile line, ways in and what the identity may do', () => {
    expect(story({ path: '/usr/bin/curl', arguments: '', inImage: true }, known)).toEqual([
      '/usr/bin/curl is of curl 7.88.1, which came with layer 2: RUN apt-get update && apt-get install -y curl [images/web/Dockerfile:4].',
      'It runs image registry.example/shop/web:1 (sha256:111111111111), built by images/web/Dockerfile.',
      'It is Deployment shop/web, defined in k8s/web.yaml:1. It is reachable from the Internet through ingress shop and in one more way.',
      'Its pods hold the token of shop/web, which can read every secret in shop; can make pods; a, and 1 more.',
      'Because.',
    ]);
  });

  it('names the line that copied it where the builder wrote a digest, and no line where there are several', () => {
    const told = (...targets: string[]): string | undefined => {
      const [first, second] = image.layers;
      if (first === undefined || second === undefined) return undefined;
      const copied = { ...second, createdBy: '/bin/sh -c #(nop) COPY dir:4cd71c665d22 in /usr/bin ' };
      const instructions = targets.map((target, index) => ({
        line: index + 2,
        keyword: 'COPY',
        value: `bin ${target}`,
      }));
      const surroundings = {
        ...known,
        image: { ...image, layers: [first, copied] },
        dockerfile: { ...dockerfile, instructions },
      };
      return story({ path: '/usr/bin/curl', arguments: '', inImage: true }, surroundings)[0];
    };
    expect(told('/etc', '/usr/bin')).toMatch(/ in \/usr\/bin \[images\/web\/Dockerfile:3\]\.$/);
    expect(told('/usr/bin', '/usr/bin')).toMatch(/ in \/usr\/bin\.$/);
    expect(told('/etc')).toMatch(/ in \/usr\/bin\.$/);
  });

  it('says what is not known, and claims nothing of it', () => {
    expect(story({ path: '/usr/bin/curl', arguments: '' }, {})).toEqual(['Because.']);
    expect(story({ path: '/tmp/x', arguments: '', inImage: false }, { definition })).toEqual([
      '/tmp/x is not in the image: it came after the container was started.',
      'It is Deployment shop/web, defined in k8s/web.yaml:1. No way in from outside of the cluster is known.',
      'Its pods hold no token of a service account.',
      'Because.',
    ]);
    expect(story({ path: '/', arguments: '', fileless: true }, {})[0]).toBe('/ is in no folder: it ran from memory.');
  });
});

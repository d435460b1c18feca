import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { releaseFacts } from '@breakwater/engine/behaviour';
import { Container, type JsonObject, ReleaseFacts } from '@breakwater/model';
import { readImages } from '@breakwater/sources/images';
import type { Application, Release } from '../applications/application.ts';
import { KEPT } from '../places.ts';
import { PROBES } from '../traffic/administration.ts';
import { imageName } from './build-images.ts';

const FOLDER = join(KEPT, 'facts');
const POINTER = ['spec', 'template', 'spec', 'containers', 0];

/** What was built and declared of a release: by our own scan of its image, and the manifest that would declare it. Kept. */
export async function factsOfRelease(application: Application, release: Release): Promise<ReleaseFacts> {
  const path = join(FOLDER, `${application.name}-${release.tag}.json`);
  if (existsSync(path)) return ReleaseFacts.parse(JSON.parse(readFileSync(path, 'utf8')));
  const { images } = await readImages(`containers-storage:${imageName(application, release)}`, {
    release: true,
    cache: join(KEPT, 'layers'),
  });
  const declared = declaration(application, release);
  const mounts = [
    ...(application.data === undefined ? [] : [{ volume: 'data', path: application.data }]),
    ...(application.name === 'web'
      ? [{ volume: 'site', path: '/etc/nginx/sites-enabled/default', readOnly: true }]
      : []),
  ];
  const container = Container.parse({
    name: application.name,
    image: imageName(application, release),
    ports: application.port === undefined ? [] : [{ containerPort: application.port }],
    security: {},
    mounts,
    pointer: POINTER,
  });
  const object: JsonObject = { spec: { template: { spec: { containers: [declared] } } } };
  const facts = releaseFacts({ image: images[0], container, object });
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(path, JSON.stringify(facts));
  return facts;
}

/** Its container, as a manifest declares it. */
function declaration({ name, environment, port }: Application, release: Release): JsonObject {
  const probe = PROBES[name];
  const values = Object.entries({ ...environment, ...release.environment });
  return {
    name,
    env: values.map(([variable, value]) => ({ name: variable, value })),
    ...(release.arguments !== undefined && { args: [...release.arguments] }),
    ...(port !== undefined && { ports: [{ containerPort: port }] }),
    ...(probe !== undefined && { readinessProbe: { exec: { command: [...probe] } } }),
  };
}

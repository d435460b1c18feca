import { join } from 'node:path';
import { fromAnnotations } from './annotations.ts';
import { clean, digestOf, fieldsOf, readJson, textOf } from './read-fields.ts';
import type { ContainerFacts } from './store.ts';

/** Docker: a file for each container. */
export async function findInDocker(root: string, id: string): Promise<ContainerFacts | undefined> {
  const file = fieldsOf(await readJson(join(root, 'var/lib/docker/containers', id, 'config.v2.json')));
  if (file['ID'] !== id) return undefined;
  const config = fieldsOf(file['Config']);
  const found = fromAnnotations(fieldsOf(config['Labels']), id);
  const own = { name: textOf(file['Name']).replace(/^\//, ''), image: textOf(config['Image']) };
  return {
    ...found,
    container: { ...clean({ ...own, imageDigest: digestOf(textOf(file['Image'])) }), ...found.container, id },
  };
}

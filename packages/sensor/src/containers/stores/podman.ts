import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BoltFile } from './bolt.ts';
import { clean, digestOf, type Fields, fieldsOf, parseJson, textOf } from './read-fields.ts';
import type { ContainerFacts } from './store.ts';

const STORAGE = 'var/lib/containers/storage';

/** podman's own books, where containers/storage does not have the container: SQLite, and Bolt before podman 4.8. */
export async function findInPodman(root: string, id: string): Promise<ContainerFacts | undefined> {
  const config =
    (await readSqlite(join(root, STORAGE, 'db.sql'), id)) ?? readBolt(join(root, STORAGE, 'libpod/bolt_state.db'), id);
  if (config === undefined) return undefined;
  const own = { name: textOf(config['name']), image: textOf(config['rootfsImageName']) };
  return { container: { ...clean({ ...own, imageDigest: digestOf(textOf(config['rootfsImageID'])) }), id } };
}

/** A container's configuration in podman's SQLite database; undefined where it or the file is not whole. */
export async function readSqlite(path: string, id: string): Promise<Fields | undefined> {
  if (!existsSync(path)) return undefined;
  const { DatabaseSync } = await import('node:sqlite');
  try {
    const database = new DatabaseSync(path, { readOnly: true });
    try {
      const row = database.prepare('select JSON from ContainerConfig where ID = ?').get(id);
      return row === undefined ? undefined : fieldsOf(parseJson(row['JSON']));
    } finally {
      database.close();
    }
  } catch {
    // Locked, or no such database.
    return undefined;
  }
}

/** The same of podman's Bolt file. */
export function readBolt(path: string, id: string): Fields | undefined {
  if (!existsSync(path)) return undefined;
  try {
    const file = new BoltFile(path);
    try {
      const text = file.text(file.root, 'ctr', id, 'config');
      return text === '' ? undefined : fieldsOf(parseJson(text));
    } finally {
      file.close();
    }
  } catch {
    // Its owner writes to it, or it is no such file.
    return undefined;
  }
}

import { basename, dirname, resolve } from 'node:path/posix';

/** Files that make one project, the first of them its base. */
export interface ProjectFiles {
  folder: string;
  /** Merged one over the other, as `docker compose up` without `-f` does. */
  layers: string[];
  /** Other files of the folder: given with `-f` on top of the base, or projects of their own. */
  others: string[];
}

const BASES = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];
const OVERRIDE = /^(?:docker-)?compose\.override\.ya?ml$/;

/** Whether Compose takes a file by itself. */
export function isBase(source: string): boolean {
  return BASES.includes(basename(source));
}

/** Sorts the files of each folder into what Compose takes by itself and what has to be named. */
export function projectsOf(sources: readonly string[]): ProjectFiles[] {
  return [...Map.groupBy(sources, (source) => dirname(source))].map(([folder, files]) => {
    const base = BASES.map((name) => files.find((file) => basename(file) === name)).find((file) => file !== undefined);
    const override = base === undefined ? undefined : files.find((file) => OVERRIDE.test(basename(file)));
    const layers = [base, override].filter((file) => file !== undefined);
    return { folder, layers, others: files.filter((file) => !layers.includes(file)) };
  });
}

/**
 * The name that Compose gives a project after its folder. Where folders of one name would be taken for one project, those
 * below get the name of the folder above in front.
 */
export function projectNames(folders: readonly string[]): Map<string, string> {
  const plain = Map.groupBy(folders, (folder) => nameOf(basename(resolve(folder))));
  return new Map(
    folders.map((folder) => {
      const name = nameOf(basename(resolve(folder)));
      const alone = (plain.get(name)?.length ?? 0) < 2;
      return [folder, alone ? name : nameOf(`${basename(dirname(resolve(folder)))}-${name}`)];
    }),
  );
}

/** Lower-case letters, digits, dashes and underscores, as Compose wants them. */
export function nameOf(text: string): string {
  const name = text
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, '')
    .replace(/^[_-]+/, '');
  return name === '' ? 'project' : name;
}

import type { PackageFile } from '../../ecosystem.ts';
import { joinPath } from '../../join-path.ts';
import { type Coordinates, type Pom, readPom } from './pom.ts';

/** A pom of a repository that is larger is none. */
const LARGEST = 4 * 1024 * 1024;

/**
 * The poms that are at hand: projects (`pom.xml`), and what a local repository of Maven (`~/.m2/repository`) or the
 * cache of Gradle (`modules-2/files-2.1`) holds, wherever in the tree it lies. Each is read when it is first asked for.
 */
export class PomStore {
  readonly #files = new Map<string, PackageFile>();
  /** Paths by the name of the file, without its folders. */
  readonly #published = new Map<string, string[]>();
  readonly #read = new Map<string, Pom | undefined>();

  constructor(files: PackageFile[]) {
    for (const file of files) {
      this.#files.set(file.path, file);
      if (!file.path.endsWith('.pom')) continue;
      const name = file.path.slice(file.path.lastIndexOf('/') + 1);
      this.#published.set(name, [...(this.#published.get(name) ?? []), file.path]);
    }
  }

  /** The pom at a path from a folder; of a folder, its pom.xml. */
  at(folder: string, path: string): Pom | undefined {
    for (const found of joinPath(folder, path)) {
      const pom = this.#pomAt(found) ?? this.#pomAt(`${found}/pom.xml`);
      if (pom !== undefined) return pom;
    }
    return undefined;
  }

  /** The pom of a published artifact, by the path that its repository gives it. */
  published({ group, artifact, version }: Coordinates): Pom | undefined {
    const inMaven = `/${group.replaceAll('.', '/')}/${artifact}/${version}/`;
    const inGradle = `/${group}/${artifact}/${version}/`;
    for (const path of this.#published.get(`${artifact}-${version}.pom`) ?? []) {
      const folder = `/${path.slice(0, path.lastIndexOf('/') + 1)}`;
      const outer = folder.slice(0, folder.lastIndexOf('/', folder.length - 2) + 1);
      if (folder.endsWith(inMaven) || outer.endsWith(inGradle)) return this.#pomAt(path);
    }
    return undefined;
  }

  /** All that are projects. */
  *projects(): Generator<Pom> {
    for (const path of this.#files.keys()) {
      const pom = path.endsWith('.pom') ? undefined : this.#pomAt(path);
      if (pom !== undefined) yield pom;
    }
  }

  #pomAt(path: string): Pom | undefined {
    if (!this.#read.has(path)) {
      const bytes = this.#files.get(path)?.bytes;
      this.#read.set(
        path,
        bytes === undefined || bytes.length > LARGEST ? undefined : readPom(bytes.toString('utf8'), path),
      );
    }
    return this.#read.get(path);
  }
}

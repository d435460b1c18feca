import { type Fields, fieldsOf, isFields, textOf } from '../read-text.ts';

/** What a crate's `Cargo.toml` asks for, by the names of crates. */
export interface CargoManifest {
  name: string;
  /** Linked into what it builds. */
  ships: Set<string>;
  /** For its tests, or for its build only: none of it is in what is built. */
  develops: Set<string>;
}

/**
 * The dependencies of a crate, those of platforms too (doc.rust-lang.org/cargo/reference/specifying-dependencies.html);
 * `workspace` is the root's `[workspace.dependencies]`, from which others inherit the name of a renamed crate.
 */
export function readManifest(content: Fields, workspace: Fields): CargoManifest {
  const tables = [content, ...Object.values(fieldsOf(content, 'target')).filter(isFields)];
  const collect = (...kinds: string[]): Set<string> =>
    new Set(
      tables.flatMap((table) =>
        kinds.flatMap((kind) => Object.entries(fieldsOf(table, kind)).map((entry) => crateOf(entry, workspace))),
      ),
    );
  return {
    name: textOf(fieldsOf(content, 'package'), 'name'),
    ships: collect('dependencies'),
    develops: collect('dev-dependencies', 'dev_dependencies', 'build-dependencies', 'build_dependencies'),
  };
}

/** `old = { package = "new" }` is the crate `new`. */
function crateOf([name, stated]: [string, unknown], workspace: Fields): string {
  if (!isFields(stated)) return name;
  const inherited = stated['workspace'] === true ? fieldsOf(workspace, name) : {};
  return textOf(stated, 'package') || textOf(inherited, 'package') || name;
}

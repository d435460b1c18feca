import type { Component } from '@breakwater/model';
import { formatPurl } from '@breakwater/model/purl';
import type { Distiller, Ecosystem, EcosystemContext, FileHead, Inventory, PackageFile } from '../ecosystem.ts';
import { isExecutable } from '../executables/executable.ts';
import { parseJson } from '../read-text.ts';
import { capabilities } from './capabilities.ts';
import type { Classifier } from './classifier.ts';
import { RUNTIMES } from './runtimes.ts';
import { SERVERS } from './servers.ts';
import { type Recognised, TextSearch } from './text-search.ts';
import { TOOLS } from './tools.ts';

/** All programs that are recognised. */
export const CLASSIFIERS: Classifier[] = [...SERVERS, ...RUNTIMES, ...TOOLS];

/** Asked of every program first: nearly all lie where none of the known ones does. */
const ANY_PATH = new RegExp(CLASSIFIERS.map(({ path }) => path.source).join('|'));
const WHOLE = 4 * 1024 * 1024;
/** Archives of libraries (`ar`) have marks too. */
const LIBRARY_ARCHIVE = Buffer.from('!<arch>\n');

/** Programs that no package manager brought, by texts in them. */
export const classifiers: Ecosystem = {
  name: 'classifiers',
  wants: () => false,
  distil,
  parse: parseClassified,
  capabilities,
};

function distil({ path, bytes }: FileHead): Distiller | undefined {
  if (!isExecutable(bytes) && !bytes.subarray(0, LIBRARY_ARCHIVE.length).equals(LIBRARY_ARCHIVE)) return undefined;
  return distillerOf(path);
}

/** What reads a file of this path; undefined where no program lies so. */
export function distillerOf(path: string): Distiller | undefined {
  if (!ANY_PATH.test(path)) return undefined;
  const fitting = CLASSIFIERS.filter((classifier) => classifier.path.test(path));
  return {
    largest: WHOLE,
    whole: (content) => {
      const search = new TextSearch(fitting);
      search.write(content);
      return search.end();
    },
    stream: () => new TextSearch(fitting),
  };
}

/** What the operating system's packages brought is known from them, with the patches of its distribution. */
function parseClassified(files: PackageFile[], { isPackaged }: EcosystemContext): Inventory {
  const components = files
    .filter(({ path }) => isPackaged?.(`/${path}`) !== true)
    .flatMap(({ path, bytes }) =>
      ((parseJson(bytes.toString('utf8')) ?? []) as Recognised[]).map((item) => toComponent(item, `/${path}`)),
    );
  return { components, unknowns: [] };
}

function toComponent({ name, version }: Recognised, path: string): Component {
  const slash = name.indexOf('/');
  const namespace = slash === -1 ? {} : { namespace: name.slice(0, slash) };
  const purl = formatPurl({ type: 'generic', ...namespace, name: name.slice(slash + 1), version, qualifiers: {} });
  return {
    id: purl,
    type: 'generic',
    name,
    version,
    purl,
    licences: [],
    path,
    files: [path],
    scope: 'installed',
    development: false,
    guessedFrom: 'text',
  };
}

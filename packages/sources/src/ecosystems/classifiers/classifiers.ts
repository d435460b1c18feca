import type { Component, ComponentType } from '@breakwater/model';
import { formatPurl, LANGUAGE_ECOSYSTEMS } from '@breakwater/model/purl';
import { isOfBitnami } from '../bitnami/bitnami.ts';
import type { Distiller, Ecosystem, EcosystemContext, FileHead, Inventory, PackageFile } from '../ecosystem.ts';
import { isExecutable } from '../executables/executable.ts';
import { parseJson } from '../read-text.ts';
import { capabilities } from './capabilities.ts';
import type { Classifier } from './classifier.ts';
import { cpesOf } from './cpes.ts';
import { GO_PROGRAMS } from './go-programs.ts';
import { distilRelease, settleByRelease } from './java-release.ts';
import { RUNTIMES } from './runtimes.ts';
import { SERVERS } from './servers.ts';
import { type Recognised, TextSearch } from './text-search.ts';
import { TEXTS } from './texts.ts';
import { TOOLS } from './tools.ts';

/** All programs that are recognised. */
export const CLASSIFIERS: Classifier[] = [...SERVERS, ...RUNTIMES, ...TOOLS, ...GO_PROGRAMS, ...TEXTS];

const BY_NAME = new Map(CLASSIFIERS.map((classifier) => [classifier.name, classifier]));
/** Asked of every program first: nearly all are called as none of the known ones is. */
const ANY_PROGRAM = anyOf(CLASSIFIERS);
/** Asked of every other file. */
const ANY_TEXT = anyOf(TEXTS);
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

/** Tried at the beginning of a name only, where nearly every name fails at its first letters. */
function anyOf(items: Classifier[]): RegExp {
  return new RegExp(`^(?:${items.map(({ file }) => file.source.slice(1, -1)).join('|')})$`);
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

function distil({ path, size, bytes }: FileHead): Distiller | undefined {
  const isProgram = isExecutable(bytes) || bytes.subarray(0, LIBRARY_ARCHIVE.length).equals(LIBRARY_ARCHIVE);
  if (!(isProgram ? ANY_PROGRAM : ANY_TEXT).test(nameOf(path)))
    return isProgram ? undefined : distilRelease(path, size, bytes);
  return distillerOf(path, isProgram);
}

/** What reads a file of this path; undefined where no program is called so. */
export function distillerOf(path: string, isProgram: boolean): Distiller | undefined {
  const name = nameOf(path);
  const fitting = CLASSIFIERS.filter((item) => item.file.test(name) && (isProgram || item.text));
  if (fitting.length === 0) return undefined;
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
function parseClassified(files: PackageFile[], context: EcosystemContext): Inventory {
  const found = files
    .filter(({ path }) => context.isPackaged?.(`/${path}`) !== true && !isOfBitnami(path, context))
    .flatMap(({ path, bytes }) =>
      ((parseJson(bytes.toString('utf8')) ?? []) as Recognised[]).flatMap((item) => toComponent(item, `/${path}`)),
    );
  return { components: joinFiles(settleByRelease(found)), unknowns: [] };
}

/** A program and its library are one installation, found by both. */
function joinFiles(components: Component[]): Component[] {
  const joined = new Map<string, Component>();
  for (const component of components) {
    const known = joined.get(component.id);
    if (known === undefined) joined.set(component.id, component);
    else known.files.push(...component.files);
  }
  return [...joined.values()];
}

function toComponent({ name, version, vendor, stated }: Recognised, path: string): Component[] {
  const classifier = BY_NAME.get(name);
  if (classifier === undefined) return [];
  const [type, ...parts] = (classifier.purl ?? `generic/${name}`).split('/') as [ComponentType, ...string[]];
  const namespace = parts.length > 1 ? { namespace: parts.slice(0, -1).join('/') } : {};
  const purl = formatPurl({ type, ...namespace, name: parts.at(-1)!, version, qualifiers: {} });
  const ecosystem = LANGUAGE_ECOSYSTEMS[type];
  const component: Component = {
    id: purl,
    type,
    name: type === 'generic' ? name : parts.join('/'),
    version,
    purl,
    ...(ecosystem !== undefined && { ecosystem }),
    cpes: cpesOf(classifier.products, version),
    ...(vendor !== undefined && { vendor }),
    licences: [],
    path,
    files: [path],
    scope: 'installed',
    development: false,
  };
  return [stated ? component : { ...component, guessedFrom: 'text' }];
}

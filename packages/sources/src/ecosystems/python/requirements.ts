import { basename } from 'node:path/posix';
import type { EcosystemContext, Inventory, PackageFile } from '../ecosystem.ts';
import { joinPath } from '../join-path.ts';
import { type LockedPackage, LockedPackages } from '../locked-packages.ts';
import { linesOf, readText } from '../read-text.ts';
import { relateByAnnotations } from './annotations.ts';
import { namesOf } from './name-graph.ts';
import { normalizeName, PYTHON_NAME, pythonComponent } from './python-component.ts';

const PINNED =
  /^([A-Za-z0-9][A-Za-z0-9._-]*) ?(?:\[[^\]]*\])? ?\(? ?={2,3} ?([A-Za-z0-9][A-Za-z0-9.!+_-]*)(?=$|[ ;,#)])/;
const INCLUDE = /^(?:-r|--requirement)[ =]?(\S.*)$/;
const CONSTRAINTS = /^(?:-c|--constraint)[ =]?(\S.*)$/;
/** The name of a wheel, at an address or in a folder, says its version (PEP 427). */
const WHEEL = /^([A-Za-z0-9][\w.]{0,254})-(\d[\w.!+]{0,254})(?:-[^-]{1,64}){3,4}\.whl$/;
const LONGEST_ADDRESS = 4096;
/** What such a file is called when only development uses it. */
const DEVELOPMENT = /(?:^|[-_.])(?:dev|develop|development|tests?|testing|lint|docs?)(?:[-_.]|$)/;
/** Options that name no package. */
const SETTING =
  /^(?:-i|--index-url|--extra-index-url|--no-index|-f|--find-links|--no-binary|--only-binary|--prefer-binary|--require-hashes|--pre|--trusted-host|--use-feature)(?:[\s=]|$)/;
/** The project that the file belongs to. */
const ITSELF = /^(?:(?:-e|--editable)[ =]?)?\.\/?(?:\[[^\]]*\])?$/;
const MOST_UNKNOWNS = 20;

/** What is known beside a requirements file. */
export interface Surroundings {
  /** Whether a file is read itself. */
  isRead(path: string): boolean;
  /** What a file of constraints pins, normalized names to versions; undefined where it was not read. */
  pinsOf(path: string): ReadonlyMap<string, string> | undefined;
  /** Whether distributions are installed: then they tell what there is, and an open requirement leaves nothing open. */
  hasInstalled: boolean;
}

interface Open {
  line: number;
  message: string;
  /** What is asked for; empty where it has no name. */
  name: string;
}

/**
 * Reads a requirements file of pip (Requirements file format): what is pinned by `==`, here or in its constraints, is
 * known; each other requirement is an unknown where nothing is installed yet, for what will be is decided later.
 */
export function readRequirements(
  file: PackageFile,
  surroundings: Surroundings,
  context: EcosystemContext,
  inventory: Inventory,
): void {
  const text = readText(file, context, inventory);
  if (text === undefined) return;
  const locked = new LockedPackages(pythonComponent, PYTHON_NAME);
  const development = DEVELOPMENT.test(basename(file.path, '.txt'));
  const found = new Map<string, LockedPackage>();
  const add = (name: string, version: string, line: number): void => {
    const item = locked.add(name, version, { line, development });
    if (item !== undefined) found.set(normalizeName(name), item);
  };
  const open: Open[] = [];
  const pins = new Map<string, string>();
  const pathOf = (stated: string): string =>
    joinPath(file.path.slice(0, Math.max(0, file.path.lastIndexOf('/'))), stated.trim())[0] ?? '';
  for (const { line, content } of logicalLines(text)) {
    const pin = pinOf(content);
    const included = INCLUDE.exec(content)?.[1];
    const constraints = CONSTRAINTS.exec(content)?.[1];
    if (pin !== undefined) add(pin.name, pin.version, line);
    else if (constraints !== undefined) {
      for (const [name, version] of surroundings.pinsOf(pathOf(constraints)) ?? []) pins.set(name, version);
    } else if (included !== undefined) {
      if (!surroundings.isRead(pathOf(included)))
        open.push({ line, message: 'More requirements, in a file not read', name: '' });
    } else if (!SETTING.test(content) && !ITSELF.test(content)) {
      const message = 'A requirement is not pinned to a version: what gets installed is not known';
      open.push({ line, message, name: namesOf([content])[0] ?? '' });
    }
  }
  const left = open.filter(({ line, name }) => {
    const version = pins.get(normalizeName(name));
    if (version !== undefined) add(name, version, line);
    return version === undefined;
  });
  relateByAnnotations(text, found, locked);
  locked.finish(file.path, context, inventory);
  if (!surroundings.hasInstalled) reportOpen(left, file.path, context, inventory);
}

/** Normalized names to versions that a file of constraints pins. */
export function readConstraints(text: string): Map<string, string> {
  const pins = new Map<string, string>();
  for (const { content } of logicalLines(text)) {
    const pin = pinOf(content);
    if (pin !== undefined) pins.set(normalizeName(pin.name), pin.version);
  }
  return pins;
}

/** The version that a requirement is pinned to (PEP 508); undefined where it is open. */
export function pinOf(requirement: string): { name: string; version: string } | undefined {
  const [, name, version] = PINNED.exec(requirement) ?? WHEEL.exec(wheelOf(requirement)) ?? [];
  return name === undefined || version === undefined ? undefined : { name, version };
}

/** `a @ https://files.example/a-1.0-py3-none-any.whl#sha256=0` names a wheel. */
function wheelOf(requirement: string): string {
  if (requirement.length > LONGEST_ADDRESS || !requirement.includes('.whl')) return '';
  const address = requirement.split(/[ #?;]/).find((part) => part.endsWith('.whl')) ?? '';
  return address.slice(address.lastIndexOf('/') + 1).replace(/%2B/gi, '+');
}

/** Says of requirements that they are open, the first of them one by one. */
export function reportOpen(
  open: { line?: number | undefined; message: string }[],
  path: string,
  { target }: EcosystemContext,
  { unknowns }: Inventory,
): void {
  for (const { line, message } of open.slice(0, MOST_UNKNOWNS)) {
    unknowns.push({
      code: 'requirement-open',
      message,
      place: { source: target, path: `/${path}`, ...(line !== undefined && { line }) },
    });
  }
  const more = open.slice(MOST_UNKNOWNS);
  if (more.length === 0) return;
  const { line } = more[0]!;
  const place = { source: target, path: `/${path}`, ...(line !== undefined && { line }) };
  unknowns.push({ code: 'requirement-open', message: `${more.length} more requirements are not pinned`, place });
}

/** Lines without comments, those that end in a backslash joined with the next, each run of blanks as one; no empty ones. */
function* logicalLines(text: string): Generator<{ line: number; content: string }> {
  let parts: string[] = [];
  let start = 1;
  let number = 0;
  for (const raw of linesOf(text)) {
    number += 1;
    if (raw === '' && parts.length === 0) continue;
    if (parts.length === 0) start = number;
    const line = raw.trimEnd();
    const isComment = line.trimStart().startsWith('#');
    if (line.endsWith('\\') && !isComment) {
      parts.push(line.slice(0, -1));
      continue;
    }
    if (!isComment) parts.push(line);
    const content = withoutComment(parts.join(''));
    parts = [];
    if (content !== '') yield { line: start, content };
  }
  const rest = withoutComment(parts.join(''));
  if (rest !== '') yield { line: start, content: rest };
}

function withoutComment(line: string): string {
  const blanks = line.replace(/\s+/g, ' ').trim();
  const at = blanks.startsWith('#') ? 0 : blanks.indexOf(' #');
  return at === -1 ? blanks : blanks.slice(0, at);
}

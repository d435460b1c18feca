import type { EcosystemContext, Inventory, PackageFile } from '../ecosystem.ts';
import { joinPath } from '../join-path.ts';
import { LockedPackages } from '../locked-packages.ts';
import { linesOf, readText } from '../read-text.ts';
import { PYTHON_NAME, pythonComponent } from './python-component.ts';

const PINNED =
  /^([A-Za-z0-9][A-Za-z0-9._-]*) ?(?:\[[^\]]*\])? ?\(? ?={2,3} ?([A-Za-z0-9][A-Za-z0-9.!+_-]*)(?=$|[ ;,#)])/;
const INCLUDE = /^(?:-r|--requirement)[ =]?(\S.*)$/;
/** Options that name no package. */
const SETTING =
  /^(?:-c|--constraint|-i|--index-url|--extra-index-url|--no-index|-f|--find-links|--no-binary|--only-binary|--prefer-binary|--require-hashes|--pre|--trusted-host|--use-feature)(?:[\s=]|$)/;
/** The project that the file belongs to. */
const ITSELF = /^(?:(?:-e|--editable)[ =]?)?\.\/?(?:\[[^\]]*\])?$/;
const MOST_UNKNOWNS = 20;

/** What is known beside a requirements file. */
export interface Surroundings {
  /** Whether a file is read itself. */
  isRead(path: string): boolean;
  /** Whether distributions are installed: then they tell what there is, and an open requirement leaves nothing open. */
  hasInstalled: boolean;
}

/**
 * Reads a requirements file of pip (Requirements file format): what is pinned by `==` is known; each other requirement
 * is an unknown where nothing is installed yet, for what will be is decided later.
 */
export function readRequirements(
  file: PackageFile,
  { isRead, hasInstalled }: Surroundings,
  context: EcosystemContext,
  inventory: Inventory,
): void {
  const text = readText(file, context, inventory);
  if (text === undefined) return;
  const locked = new LockedPackages(pythonComponent, PYTHON_NAME);
  const open: { line: number; message: string }[] = [];
  for (const { line, content } of logicalLines(text)) {
    const [, name, version] = PINNED.exec(content) ?? [];
    const included = INCLUDE.exec(content)?.[1];
    if (name !== undefined && version !== undefined) locked.add(name, version, { line });
    else if (included !== undefined) {
      const [path] = joinPath(file.path.slice(0, Math.max(0, file.path.lastIndexOf('/'))), included.trim());
      if (path === undefined || !isRead(path)) open.push({ line, message: 'More requirements, in a file not read' });
    } else if (!SETTING.test(content) && !ITSELF.test(content)) {
      open.push({ line, message: 'A requirement is not pinned to a version: what gets installed is not known' });
    }
  }
  locked.finish(file.path, context, inventory);
  if (!hasInstalled) report(open, file.path, context, inventory);
}

function report(
  open: { line: number; message: string }[],
  path: string,
  { target }: EcosystemContext,
  { unknowns }: Inventory,
): void {
  for (const { line, message } of open.slice(0, MOST_UNKNOWNS)) {
    unknowns.push({ code: 'requirement-open', message, place: { source: target, path: `/${path}`, line } });
  }
  const more = open.slice(MOST_UNKNOWNS);
  if (more.length === 0) return;
  const place = { source: target, path: `/${path}`, line: more[0]!.line };
  unknowns.push({ code: 'requirement-open', message: `${more.length} more requirements are not pinned`, place });
}

/** Lines without comments, those that end in a backslash joined with the next, each run of blanks as one; no empty ones. */
function* logicalLines(text: string): Generator<{ line: number; content: string }> {
  let parts: string[] = [];
  let start = 1;
  let number = 0;
  for (const raw of linesOf(text)) {
    number += 1;
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

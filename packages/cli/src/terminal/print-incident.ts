import type { Incident, IncidentEntry, IncidentProcess, IncidentSummary, Severity } from '@breakwater/model';
import { age } from './age.ts';
import { countOf } from './count-of.ts';
import { bold, cyan, dim, green, plain, red, yellow } from './style.ts';
import { alignColumns, outputWidth, wrapText } from './table.ts';

const WIDEST = 120;
const COLOURS: Readonly<Record<Severity, (text: string) => string>> = {
  critical: red,
  high: red,
  medium: yellow,
  low: dim,
  unknown: dim,
};

/** A line for each incident. `now` gives milliseconds. */
export function incidentRows(items: readonly IncidentSummary[], now: number): string[] {
  const head = ['id', 'severity', 'status', 'went on', 'what and where'].map(bold);
  const rows = items.map(({ id, severity, status, last, title, prevented, entries }) => [
    id,
    COLOURS[severity](severity),
    status === 'open' ? status : dim(status),
    `${age(last, now)} ago`,
    plain(title) + dim(prevented === 0 ? '' : ` (${prevented} of ${entries} stopped)`),
  ]);
  return alignColumns([head, ...rows]);
}

/** An incident as a story that can be read at night: what, where, why it matters here, how sure, what to do. */
export function incidentLines(incident: Incident): string[] {
  const { title, severity, initialSeverity, status, facts, confidence, advice, unknowns, feedback } = incident;
  const width = Math.min(outputWidth(), WIDEST);
  const moved = severity === initialSeverity ? '' : ` (${initialSeverity} by itself)`;
  const matters = facts.filter(({ kind }) => kind !== 'prevention');
  const blocked = facts.filter(({ kind }) => kind === 'prevention');
  return [
    ...wrapText(`${severity.toUpperCase()}${moved}: ${plain(title)}`, width).map((line) =>
      bold(COLOURS[severity](line)),
    ),
    ...wrapText(whenAndWhere(incident), width).map(dim),
    ...section('What happened', timeline(incident, width)),
    ...section('Who did it', tree(incident.processes, width)),
    ...section('Why it matters here', factLines(matters, width)),
    ...section(
      'What was stopped',
      blocked.flatMap(({ sentence }) => item(' ', plain(sentence), width)),
    ),
    ...section('How sure', item(' ', plain(confidence), width)),
    ...section(
      status === 'open' ? 'What to do' : `What to do (it is ${status})`,
      advice.flatMap((sentence, index) => item(`${index + 1}.`, plain(sentence), width)),
    ),
    ...section(
      'What is expected',
      feedback.flatMap(({ owner, reason, expires }) =>
        item(' ', plain(`By ${owner} until ${expires}: ${reason}`), width),
      ),
    ),
    ...section(
      'What was not checked',
      unknowns.flatMap((sentence) => item('?', plain(sentence), width)),
    ),
  ];
}

/** By workload where they are of several. */
function factLines(facts: Incident['facts'], width: number): string[] {
  const bySubject = Map.groupBy(facts, ({ subject }) => subject ?? '');
  const hasSeveral = [...bySubject.keys()].filter(Boolean).length > 1;
  return [...bySubject].flatMap(([subject, own]) => [
    ...(hasSeveral && subject !== '' ? [dim(plain(`  ${subject}`))] : []),
    ...own.flatMap(({ sentence, effect }) => item(MARKS[effect], plain(sentence), width)),
  ]);
}

const MARKS = { raises: red('+'), lowers: green('-'), none: ' ' } as const;

function whenAndWhere({ id, first, last, subjects, techniques, status }: Incident): string {
  const day = first.slice(0, 10);
  const end = last.slice(0, 10) === day ? last.slice(11, 19) : `${last.slice(0, 10)} ${last.slice(11, 19)}`;
  const when = first === last ? `${day} ${first.slice(11, 19)}` : `${day} ${first.slice(11, 19)} to ${end}`;
  const mitre = techniques.length === 0 ? '' : `, MITRE ATT&CK ${techniques.join(' ')}`;
  return plain(`${id}, ${status}, ${when} UTC, in ${subjects.join(', then ')}${mitre}`);
}

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ['', bold(title), ...lines];

function item(mark: string, text: string, width: number): string[] {
  const [first = '', ...rest] = wrapText(text, width - 5);
  return [`  ${mark} ${first}`, ...rest.map((line) => `    ${line}`)];
}

function timeline({ entries, more }: Incident, width: number): string[] {
  const lines = entries.flatMap((entry) => {
    const [first = '', ...rest] = wrapText(sentenceOf(entry), width - 12);
    const paint = entry.kind === 'context' || entry.kind === 'connection' ? dim : colourOf(entry);
    return [`  ${dim(entry.time.slice(11, 19))}  ${paint(first)}`, ...rest.map((line) => `            ${paint(line)}`)];
  });
  return more === 0 ? lines : [...lines, dim(`            and ${countOf(more, 'more thing')} like these`)];
}

function colourOf({ kind, prevention }: IncidentEntry): (text: string) => string {
  if (prevention === 'stopped') return green;
  return kind === 'response' || kind === 'feedback' ? cyan : (text) => text;
}

function sentenceOf({ sentence, count, policy, key, kind }: IncidentEntry): string {
  const times = count === 1 ? '' : ` (${count} times)`;
  const name = policy ?? (kind === 'deviation' ? key : undefined);
  return plain(`${sentence}${times}${name === undefined ? '' : ` [${name}]`}`);
}

/** Each below the one that started it. */
function tree(processes: readonly IncidentProcess[], width: number): string[] {
  const depths = new Map<string, number>();
  let place = '';
  return processes.flatMap((process) => {
    const depth = process.parent === undefined ? 0 : (depths.get(process.parent) ?? 0) + 1;
    depths.set(process.id, depth);
    const at = process.pod ?? process.container ?? process.containerId?.slice(0, 12) ?? process.subject;
    const head =
      at === place ? [] : [dim(plain(`  in ${at}${process.node === undefined ? '' : ` on ${process.node}`}`))];
    place = at;
    const lead = `  ${'  '.repeat(Math.min(depth, 20))}${depth === 0 ? '' : '\\_ '}`;
    return [...head, lead + cut(describe(process), width - lead.length)];
  });
}

function describe({ path, arguments: words, pid, uid, inImage }: IncidentProcess): string {
  const odd = inImage === false ? ' (not in the image)' : '';
  const user = uid === undefined ? '' : ` as user ${uid}`;
  return plain(`${path}${odd}${pid === undefined ? '' : ` [${pid}]`}${user} ${words}`.trimEnd());
}

const cut = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, Math.max(most - 3, 1))}...`;

import type { OpenDetection } from '@breakwater/app/detection';
import type { RuntimeEvent, Unknown } from '@breakwater/model';
import { JUDGING_OPTIONS, namedJudging } from '../assess.ts';
import { type Command, EXIT } from '../command.ts';
import { sortPaths } from '../event-paths.ts';
import { outputOption } from '../options.ts';
import { countOf } from '../terminal/count-of.ts';
import { alertLines } from '../terminal/print-alert.ts';
import { dim, plain, red, yellow } from '../terminal/style.ts';

export const command: Command = {
  name: 'detect',
  summary: 'Judges recorded runtime events by policies: what happened in containers that should not have.',
  usage: 'PATH...',
  examples: [
    { command: 'breakwater detect events.jsonl', says: 'events of the sensor, Tetragon, Falco, Tracee, KubeArmor' },
    { command: 'breakwater detect audit.log k8s/ images/', says: 'with what manifests and images tell of them' },
    { command: 'breakwater detect events.jsonl --all', says: 'also what is only audited' },
    { command: 'breakwater detect events.jsonl --policies my-policies/', says: 'by yours too, with exceptions' },
  ],
  options: {
    all: { type: 'boolean', help: 'Show what is only audited too' },
    output: { type: 'string', short: 'o', value: 'FORMAT', help: 'lines (default) or json, one alert a line' },
    policies: JUDGING_OPTIONS.policies,
    packs: JUDGING_OPTIONS.packs,
  },
  async run(invocation) {
    const output = outputOption(invocation, ['lines', 'json']);
    const { events, estate } = await sortPaths(invocation);
    const { openDetection } = await import('@breakwater/app/detection');
    const { policies, packs } = namedJudging(invocation);
    const detection = await openDetection({
      state: invocation.state,
      now: new Date().toISOString(),
      policies,
      packs,
      estate,
      signal: invocation.signal,
    });
    const printer = new AlertPrinter(output, invocation.options['all'] === true);
    const read = await judgeFiles(events, detection, printer, invocation.signal);
    for (const alert of detection.rest()) printer.print(alert);
    const unknowns = [...detection.unknowns, ...read.unknowns];
    if (invocation.options['quiet'] !== true) summarise(detection, printer, read.events, unknowns);
    if (printer.counting > 0) return EXIT.refused;
    return unknowns.length > 0 ? EXIT.unknown : EXIT.passed;
  },
};

async function judgeFiles(
  paths: readonly string[],
  detection: OpenDetection,
  printer: AlertPrinter,
  signal: AbortSignal,
): Promise<{ events: number; unknowns: Unknown[] }> {
  const { readEventBatches } = await import('@breakwater/sources/events');
  const read = { events: 0, unknowns: [] as Unknown[] };
  for (const path of paths) {
    for await (const batch of readEventBatches(path)) {
      signal.throwIfAborted();
      for (const { event, unknown } of batch) {
        if (unknown) read.unknowns.push(unknown);
        if (event === undefined) continue;
        read.events++;
        for (const alert of detection.take(event)) printer.print(alert);
      }
    }
  }
  return read;
}

/** Prints alerts, and counts those that count: what is audited or excepted is told and no more. */
export class AlertPrinter {
  readonly #output: 'lines' | 'json';
  readonly #showsAudited: boolean;
  counting = 0;
  audited = 0;
  excepted = 0;

  constructor(output: 'lines' | 'json', showsAudited: boolean) {
    this.#output = output;
    this.#showsAudited = showsAudited;
  }

  print(event: RuntimeEvent): void {
    const { alert } = event;
    if (alert?.exception !== undefined) this.excepted++;
    else if (alert?.enforcement === 'audit') this.audited++;
    else this.counting++;
    if (alert?.enforcement === 'audit' && !this.#showsAudited) return;
    const text = this.#output === 'json' ? JSON.stringify(event) : alertLines(event).join('\n');
    process.stdout.write(`${text}\n`);
  }
}

/** Most unknowns that are told one by one. */
const MOST_TOLD = 5;

function summarise(
  detection: OpenDetection,
  { counting, audited, excepted }: AlertPrinter,
  events: number,
  unknowns: readonly Unknown[],
): void {
  const parts = [
    `${countOf(counting, 'alert')} from ${countOf(events, 'event')} by ${countOf(detection.policies, 'policy', 'policies')}`,
    ...(audited > 0 ? [`${audited} more audited (--all)`] : []),
    ...(excepted > 0 ? [`${excepted} covered by exceptions`] : []),
    ...(detection.ofHosts() > 0 ? [`${countOf(detection.ofHosts(), 'event')} of hosts not judged`] : []),
  ];
  const lines = [`${parts.join(', ')}.`];
  for (const { policy, reason, count } of detection.undecided())
    lines.push(yellow(`${policy} could not decide ${countOf(count, 'event')}: ${plain(reason)}`));
  for (const { message, place } of unknowns.slice(0, MOST_TOLD))
    lines.push(red(`${plain(place.source)}${place.line === undefined ? '' : `:${place.line}`}: ${plain(message)}`));
  if (unknowns.length > MOST_TOLD) lines.push(dim(`and ${unknowns.length - MOST_TOLD} more could not be read`));
  process.stderr.write(`${lines.join('\n')}\n`);
}

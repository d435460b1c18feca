import { JUDGING_OPTIONS } from '../assess.ts';
import { type Command, EXIT, type Invocation } from '../command.ts';
import { outputOption } from '../options.ts';
import { countOf } from '../terminal/count-of.ts';
import { dim, plain, red } from '../terminal/style.ts';

const WORDS = new Set(['list', 'show', 'expect', 'close']);
const MOST_TOLD = 5;

export const command: Command = {
  name: 'incidents',
  summary:
    'Tells what happened in containers that should not have, as stories: what, where, why it matters, what to do.',
  usage: '[show ID | expect ID | close ID | EVENTS... [PATH...]]',
  examples: [
    { command: 'breakwater incidents', says: 'those that are open' },
    { command: 'breakwater incidents show i-4f9a', says: 'one as a story' },
    {
      command: 'breakwater incidents expect i-4f9a --owner shop --because backup --until 2027-01-31',
      says: 'just that, and no longer',
    },
    { command: 'breakwater incidents close i-4f9a --because "a drill"', says: 'it is over' },
    { command: 'breakwater incidents events.jsonl k8s/ images/', says: 'of recorded events; no server' },
    { command: 'breakwater incidents events.jsonl --profile cart.json', says: 'and what is new beside a profile' },
  ],
  options: {
    all: { type: 'boolean', help: 'List those that are over, too' },
    owner: { type: 'string', value: 'WHO', help: 'expect: who answers for it' },
    because: { type: 'string', value: 'TEXT', help: 'expect, close: why; it stays with the incident' },
    until: { type: 'string', value: 'DAY', help: 'expect: last day on which it counts, 2027-01-31' },
    only: { type: 'string', multiple: true, value: 'NAME', help: 'expect: only this policy or behaviour (repeatable)' },
    profile: {
      type: 'string',
      multiple: true,
      value: 'FILE',
      help: 'Of recorded events: what is usual, as profile export or show wrote it (repeatable)',
    },
    output: { type: 'string', short: 'o', value: 'FORMAT', help: 'text (default) or json' },
    ...JUDGING_OPTIONS,
  },
  async run(invocation) {
    const [word = 'list', id, ...more] = invocation.positionals;
    if (!WORDS.has(word)) return await tellFiles(invocation);
    const { runStored } = await import('../incidents/stored.ts');
    await runStored(invocation, more.length > 0 ? '' : word, id);
    return EXIT.passed;
  },
};

/** Incidents of recorded events, each as a story. */
async function tellFiles(invocation: Invocation): Promise<number> {
  const output = outputOption(invocation, ['text', 'json']);
  const { recordedIncidents } = await import('../incidents/recorded.ts');
  const { incidents, unknowns, events, unjudged } = await recordedIncidents(invocation);
  if (output === 'json') {
    const { writeJson } = await import('../terminal/write-json.ts');
    writeJson({ incidents, unknowns, unjudged });
  } else {
    const { incidentLines } = await import('../terminal/print-incident.ts');
    const stories = incidents.map((incident) => incidentLines(incident).join('\n'));
    process.stdout.write(stories.map((story) => `${story}\n`).join('\n\n'));
  }
  if (invocation.options['quiet'] !== true) {
    process.stderr.write(`\n${countOf(incidents.length, 'incident')} of ${countOf(events, 'event')}.\n`);
    for (const sentence of unjudged) process.stderr.write(`${dim(plain(sentence))}\n`);
    for (const { message, place } of unknowns.slice(0, MOST_TOLD))
      process.stderr.write(
        `${red(`${plain(place.source)}${place.line === undefined ? '' : `:${place.line}`}: ${plain(message)}`)}\n`,
      );
    if (unknowns.length > MOST_TOLD)
      process.stderr.write(`${dim(`and ${unknowns.length - MOST_TOLD} more could not be read`)}\n`);
  }
  if (incidents.length > 0) return EXIT.refused;
  return unknowns.length > 0 ? EXIT.unknown : EXIT.passed;
}

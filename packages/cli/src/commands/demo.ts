import { UserError } from '@breakwater/model';
import { type Command, EXIT } from '../command.ts';
import { outputOption } from '../options.ts';
import { dim } from '../terminal/style.ts';
import { outputWidth } from '../terminal/table.ts';
import { writeJson } from '../terminal/write-json.ts';

export const command: Command = {
  name: 'demo',
  summary:
    'Attacks a container of its own, first while the sensor only tells and then while it blocks. Needs root and podman.',
  usage: 'attack',
  examples: [
    { command: 'breakwater demo attack', says: 'a real attack on a real container; nothing is left behind' },
    { command: 'breakwater demo attack --replay', says: 'a recording of it: no root, no container' },
    { command: 'breakwater demo attack --output json', says: 'all events of it' },
  ],
  options: {
    replay: { type: 'boolean', help: 'Show the recording, also where the attack itself could be shown' },
    output: { type: 'string', short: 'o', value: 'FORMAT', help: 'text (default) or json' },
  },
  async run(invocation) {
    if (invocation.positionals[0] !== 'attack' || invocation.positionals.length > 1) {
      throw new UserError('Which demo? There is one: breakwater demo attack.', { code: 'action-missing' });
    }
    const output = outputOption(invocation, ['text', 'json']);
    const isQuiet = invocation.options['quiet'] === true;
    const { describePerformance, isHeld } = await import('../demo/describe-performance.ts');
    const { replayPerformance, whyNotHere } = await import('../demo/replay.ts');
    const reasons = invocation.options['replay'] === true ? ['It was asked for.'] : await whyNotHere();
    const isReplay = reasons.length > 0;
    const tell = (doing: string): void => {
      if (!isQuiet) process.stderr.write(`${dim(doing)}\n`);
    };
    const performance = isReplay
      ? replayPerformance()
      : await (await import('../demo/perform.ts')).perform(invocation.signal, tell);
    const { incidentsOf } = await import('../demo/incidents-of.ts');
    const incidents = await incidentsOf(performance, invocation.state);
    if (output === 'json') writeJson({ replay: isReplay, ...performance, incidents });
    else {
      const label = isReplay ? labelOf(performance, reasons) : [];
      const lines = [...label, ...describePerformance(performance, incidents, Math.min(outputWidth(), 120))];
      process.stdout.write(`${lines.join('\n')}\n`);
    }
    return isHeld(performance) ? EXIT.passed : EXIT.refused;
  },
};

function labelOf({ time, kernel }: { time: string; kernel: string }, reasons: readonly string[]): string[] {
  return [
    `Replay of a recording of ${time.slice(0, 10)} on Linux ${kernel}: nothing runs here. ${reasons.join(' ')}`,
    '',
  ];
}

import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { COMMON_OPTIONS } from './command.ts';
import { COMMANDS } from './commands/index.ts';
import { describeCommand, describeProgram } from './help.ts';

describe('help', () => {
  it('lists every command within 100 columns', () => {
    const text = stripVTControlCharacters(describeProgram());
    for (const { name, summary } of COMMANDS) expect(text).toMatch(new RegExp(`^  ${name} +${quote(summary)}$`, 'm'));
    expect(longest(text)).toBeLessThanOrEqual(100);
  });

  it.each(COMMANDS.map(({ name }) => name))('shows examples and every option of %s', async (name) => {
    const command = await COMMANDS.find((entry) => entry.name === name)!.load();
    const text = stripVTControlCharacters(describeCommand(command));
    expect(command.name).toBe(name);
    expect(command.examples.length).toBeGreaterThan(0);
    for (const example of command.examples) {
      expect(example.command).toMatch(new RegExp(`^breakwater ${name}\\b`));
      expect(text).toContain(example.command);
    }
    for (const option of Object.keys({ ...command.options, ...COMMON_OPTIONS })) expect(text).toContain(`--${option}`);
    expect(longest(text)).toBeLessThanOrEqual(120);
  });
});

const longest = (text: string) => Math.max(...text.split('\n').map((line) => line.length));
const quote = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

import type { RuntimeEvent } from '@breakwater/model';
import { plain } from '../terminal/style.ts';
import { podman } from './podman.ts';

const LONGEST = 300;

/** Why a container's server may not have come up, in a sentence: its state, what it printed, and what the sensor saw. */
export async function whyNotUp(container: string, events: readonly RuntimeEvent[]): Promise<string> {
  const ask = async (...args: string[]): Promise<string> =>
    (await podman(args).catch((error: Error) => error.message)).trim();
  const state = await ask('inspect', '--format', '{{.State.Status}}, exit code {{.State.ExitCode}}', container);
  const printed = await ask('logs', '--tail=5', container);
  return [
    `Its container: ${plain(state)}; it printed: ${plain(printed.slice(-LONGEST)) || 'nothing'}.`,
    `The sensor told: ${summaryOf(events)}.`,
  ].join(' ');
}

/** `exec 3, open 12, loss 1 (4 lost), 1 killed`. */
export function summaryOf(events: readonly RuntimeEvent[]): string {
  const kinds = Map.groupBy(events, ({ type }) => type);
  const words = [...kinds].map(([type, those]) => `${type} ${those.length}`);
  const lost = events.reduce((sum, event) => sum + (event.lost ?? 0), 0);
  if (lost > 0) words.push(`${lost} lost`);
  for (const { type, prevention, process } of events)
    if (prevention !== undefined) words.push(`${type} of ${plain(process?.path ?? '')} ${prevention}`);
  return words.join(', ') || 'nothing';
}

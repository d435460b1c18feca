import { setTimeout as pause } from 'node:timers/promises';
import type { TraceWriter } from '../trace/trace-writer.ts';
import type { Chance } from './chance.ts';
import type { Fleet } from './fleet.ts';
import type { Course } from './schedule.ts';

/** Parts of a recording's time after which attacks begin: early, and when much is settled. */
const WAVES = [0.3, 0.85];

/** Attacks replicas of their own of each application, in waves; what cannot be attacked once is told and goes on. */
export async function attackFleet(
  courses: readonly Course[],
  fleet: Fleet,
  writer: TraceWriter,
  chance: Chance,
  until: number,
): Promise<void> {
  const from = Date.now();
  for (const [index, part] of WAVES.entries()) {
    await pause(Math.max(0, from + part * (until - from) - Date.now()));
    try {
      const { attackAll } = await import('../attacks/attack-all.ts');
      await attackAll(courses, fleet, writer, chance, index);
    } catch (error) {
      process.stderr.write(`attacks: ${error instanceof Error ? error.message : ''}\n`);
    }
  }
}

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type OpenDetection, openDetection } from '@breakwater/app/detection';
import { programPath } from '@breakwater/engine/behaviour';
import type { RuntimeEvent } from '@breakwater/model';
import { type Alarm, type Deed, NO_ALARM, type Watcher } from './watcher.ts';

/** Our own policies on events, and nothing that is learned: all of them, or those of grave things. */
export class Rules implements Watcher {
  readonly name: string;
  readonly #detection: OpenDetection;
  readonly #severities: readonly string[];

  private constructor(name: string, detection: OpenDetection, severities: readonly string[]) {
    this.name = name;
    this.#detection = detection;
    this.#severities = severities;
  }

  static async open(name: string, severities: readonly string[]): Promise<Rules> {
    const state = mkdtempSync(join(tmpdir(), 'behaviour-rules-'));
    return new Rules(name, await openDetection({ state, now: new Date().toISOString() }), severities);
  }

  begin(): void {}

  take({ event }: Deed): readonly Alarm[] {
    // What is told once a minute only is told each time here: each attack is judged by itself.
    const alerts = this.#detection.take(event);
    if (alerts.length === 0) return NO_ALARM;
    this.#detection.forget();
    const told = alerts.filter(({ alert }) => this.#severities.includes(alert?.priority ?? ''));
    return told.map(({ alert }) => ({
      about: `${alert?.rule} ${nameOf(event.process)}`,
      isSure: false,
      text: `${alert?.rule}: ${alert?.message}`,
    }));
  }

  watched(): void {}
}

/** A program as it is called each time. */
const nameOf = (program: RuntimeEvent['process']): string =>
  program === undefined ? '' : programPath(program.path, program.inImage, program.fileless);

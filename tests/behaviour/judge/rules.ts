import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type OpenDetection, openDetection } from '@breakwater/app/detection';
import { programPath } from '@breakwater/engine/behaviour';
import type { RuntimeEvent } from '@breakwater/model';
import { type Alarm, type Deed, NO_ALARM, type Watcher } from './watcher.ts';

/** Our own policies on events, and nothing that is learned. */
export class Rules implements Watcher {
  readonly name = 'rules only';
  readonly #detection: OpenDetection;
  private constructor(detection: OpenDetection) {
    this.#detection = detection;
  }

  static async open(): Promise<Rules> {
    const state = mkdtempSync(join(tmpdir(), 'behaviour-rules-'));
    return new Rules(await openDetection({ state, now: new Date().toISOString() }));
  }

  begin(): void {}

  take({ event }: Deed): readonly Alarm[] {
    // What is told once a minute only is told each time here: each attack is judged by itself.
    const alerts = this.#detection.take(event);
    if (alerts.length === 0) return NO_ALARM;
    this.#detection.forget();
    return alerts.map(({ alert }) => ({
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

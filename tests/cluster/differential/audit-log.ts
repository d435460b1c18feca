import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { retryUntil } from '../retry-until.ts';

const FAILURES = 'validation.policy.admission.k8s.io/validation_failure';
const CHUNK = 1024 * 1024;

/** What an API server found an admission policy to say against an object. */
export interface Refusal {
  policy: string;
  message: string;
}

/** The audit log of an API server, read as it grows: warnings would be cut short, and a denial tells but one reason. */
export class AuditLog {
  readonly #file: string;
  readonly #byName = new Map<string, Refusal[]>();
  #offset = 0;
  #rest = '';

  constructor(state: string) {
    this.#file = join(state, 'audit.log');
  }

  /** What was said against the object of that name, which no other request may have had. */
  async refusalsOf(name: string): Promise<Refusal[]> {
    return await retryUntil(`the audit event of ${name}`, () => {
      this.#read();
      return this.#byName.get(name);
    });
  }

  #read(): void {
    const file = openSync(this.#file, 'r');
    try {
      const buffer = Buffer.alloc(CHUNK);
      for (let read = CHUNK; read > 0; ) {
        read = readSync(file, buffer, 0, CHUNK, this.#offset);
        this.#offset += read;
        this.#take(buffer.toString('latin1', 0, read));
      }
    } finally {
      closeSync(file);
    }
  }

  #take(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      const { stage, objectRef, annotations } = JSON.parse(Buffer.from(line, 'latin1').toString('utf8'));
      if (stage !== 'ResponseComplete' || objectRef?.name === undefined) continue;
      const failures = annotations?.[FAILURES];
      this.#byName.set(objectRef.name, failures === undefined ? [] : JSON.parse(failures));
    }
  }
}

import type { ToldBatch } from '@breakwater/app/profiles/kept';

/** What a batch told, under the name that it has in the journal, and the bytes that it has there. */
export interface Told {
  id: string;
  batch: ToldBatch;
  size: number;
}

/** Bytes that are remembered, as the journal has them: several times what comes in until somebody learns it. */
const MOST_BYTES = 4 * 1024 * 1024;

/**
 * What was stored in the journal here, and not read yet: whoever learns in the same process need not read it back. That it is
 * there, and not learned elsewhere, the journal says; what is not here, or was taken once, is read from there.
 */
export class ToldLately {
  readonly #byId = new Map<string, Told>();
  #size = 0;

  /** Remembers what is stored for sure; the oldest goes first. Nobody may change the batch any more. */
  note(told: Told): void {
    this.#byId.set(told.id, told);
    this.#size += told.size;
    for (const id of this.#byId.keys()) {
      if (this.#size <= MOST_BYTES) break;
      this.take(id);
    }
  }

  sizeOf(id: string): number | undefined {
    return this.#byId.get(id)?.size;
  }

  /** Gives it once: what could not be learned is read as it is stored. */
  take(id: string): ToldBatch | undefined {
    const told = this.#byId.get(id);
    if (told === undefined) return undefined;
    this.#byId.delete(id);
    this.#size -= told.size;
    return told.batch;
  }
}

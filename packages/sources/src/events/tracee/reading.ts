import type { RuntimeEvent } from '@breakwater/model';

/** An event of Tracee, whichever of its forms it was written in. */
export interface TraceeReading {
  time: string;
  name: string;
  /** Values by the argument's name. */
  arguments: ReadonlyMap<string, unknown>;
  /** Absent where the form does not tell it. */
  result?: number;
  /** Who, where: what both forms tell alike. */
  subject: Pick<RuntimeEvent, 'node' | 'pod' | 'container' | 'process' | 'parent' | 'alert'>;
}

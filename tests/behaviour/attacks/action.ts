import type { RuntimeEvent } from '@breakwater/model';

/** One thing that attackers do, as a container here can do it. */
export interface Action {
  /** Name in the list of actions that ../shared/runtime holds. */
  action: string;
  /** For a POSIX shell, with what every Debian has. `$T` is a folder that it may write to. */
  script: string;
  /**
   * Whether an event shows it: an action of which no event tells in some container was not done there, as whom that
   * container runs may not do it.
   */
  shows: (event: RuntimeEvent) => boolean;
}

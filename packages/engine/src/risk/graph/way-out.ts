import type { Container, JsonObject } from '@breakwater/model';
import type { Sandbox } from './sandboxes.ts';
import type { SettingName } from './settings.ts';

/** A way from a container to its node. */
export interface Escape {
  /** Stable name inside the workload. */
  name: string;
  strength: SettingName;
  /** "mounts the container runtime socket". */
  phrase: string;
  /** What an attacker does with it. */
  how: string;
  /** What stops it: "drop SYS_ADMIN". */
  mitigation: string;
  /** Settings that lower it, with the words for each. */
  hindrances: SettingName[];
  /** Settings that lower it or not: nobody can tell. */
  doubts: SettingName[];
  /** Only control-plane nodes have what it leads to. */
  ofControlPlane?: true;
  /** Undefined for what the pod as a whole is allowed. */
  container: Container | undefined;
}

/** What else is known of a workload's pods. */
export interface EscapeContext {
  /** The pod spec as written, for what `Workload` does not carry. */
  spec?: JsonObject | undefined;
  sandbox?: Sandbox;
  /** Its own token may read logs through the API server, which follow links on the node. */
  readsLogs?: boolean;
  /** The path of the node behind a claim, where a persistent volume is one. */
  hostPathOfClaim?: (claim: string) => string | undefined;
}

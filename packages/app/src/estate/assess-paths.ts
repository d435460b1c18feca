import type { Observation, RuntimeEvent } from '@breakwater/model';
import type { RegistryOptions } from '@breakwater/sources/images';
import { openLookup } from '../advisories/open-lookup.ts';
import type { Assessment } from '../assessment/assessment.ts';
import { assessEstate } from './assess-estate.ts';
import { gatherFacts } from './gather-facts.ts';
import { layerCachePath } from './layer-cache-path.ts';
import { openPolicySet } from './policy-set.ts';
import { type ReadProgress, readEstate } from './read-estate.ts';

export interface AssessPathsOptions {
  /** State folder. */
  state: string;
  /** ISO 8601. */
  now: string;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: ReadProgress) => void) | undefined;
  /** What events outside the paths proved, to go on from. */
  observations?: Observation[] | undefined;
  /** Files and folders of policies and exceptions to put in force. */
  policies?: string[] | undefined;
  /** How registries are asked. */
  registry?: RegistryOptions | undefined;
  /** Alerts that came outside the paths. */
  alerts?: RuntimeEvent[] | undefined;
}

/** Reads and judges an estate: the one way from paths to a ranking. */
export async function assessPaths(paths: string[], options: AssessPathsOptions): Promise<Assessment> {
  const { state, now, signal, onProgress, observations, alerts = [], policies = [], registry } = options;
  const tell = (stage: ReadProgress['stage']) => onProgress?.({ stage, done: 0, total: 0, subject: '' });
  const reading = await readEstate(paths, { onProgress, signal, observations, cache: layerCachePath(state), registry });
  reading.alerts.push(...alerts);
  tell('matching');
  const advisories = await openLookup(state, reading.advisoryFiles, signal);
  try {
    const { policySet, unknowns } = await openPolicySet([...reading.policyFiles, ...policies], now, advisories.status);
    const gathered = gatherFacts(reading, advisories, policySet);
    signal?.throwIfAborted();
    tell('ranking');
    return assessEstate(gathered, {
      paths,
      policySet,
      advisories: advisories.status,
      unknowns: [...reading.unknowns, ...advisories.unknowns, ...unknowns],
    });
  } finally {
    advisories.close();
  }
}

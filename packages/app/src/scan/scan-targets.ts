import { firstLaunch } from '@breakwater/sources/wall';
import { layerCachePath } from '../estate/layer-cache-path.ts';
import { readEstate } from '../estate/read-estate.ts';
import type { Scan } from './judge-reading.ts';
import type { ScanOptions } from './scan-options.ts';

/** Judges targets by the build gate: what each is, is found out. Events among them say what of an image ran. */
export async function scanTargets(targets: string[], options: ScanOptions): Promise<Scan> {
  const { state, platform, signal, onProgress, registry, reports, values, clusters } = options;
  const cache = layerCachePath(state);
  const reading = readEstate(targets, {
    onProgress,
    signal,
    platform,
    registry,
    reports,
    values,
    clusters,
    cache,
    keepsTexts: true,
    now: options.now,
  });
  // Whatever judging takes is loaded while the targets are read.
  const judging = Promise.race([firstLaunch, reading]).then(async () =>
    (await import('./judge-reading.ts')).openJudge(),
  );
  const [read, judge] = await Promise.all([reading, judging]);
  return judge(read, options);
}

import type {
  Dockerfile,
  Image,
  LearnedProfile,
  ManifestObject,
  Observation,
  ReportRead,
  RuntimeEvent,
  Unknown,
} from '@breakwater/model';
import type { RegistryOptions } from '@breakwater/sources/images';
import { type RecognisedInputs, recogniseInputs, showPath } from '@breakwater/sources/inputs';
import type { KeptTexts } from '@breakwater/sources/manifests';
import type { LiveCluster } from '../clusters/live-estates.ts';
import type { ReadLiveOptions } from '../clusters/read-live.ts';
import { unreadPaths } from './unread-paths.ts';

/** Everything that the given paths say, not yet judged. */
export interface EstateReading {
  objects: ManifestObject[];
  dockerfiles: Dockerfile[];
  images: Image[];
  observations: Observation[];
  /** What was learned of the behaviour of workloads. */
  learned: LearnedProfile[];
  /** Alerts of runtime sources, as they came. */
  alerts: RuntimeEvent[];
  /** Audit logs of API servers, not yet read. */
  auditFiles: string[];
  /** OSV records, KEV and EPSS that lie beside the rest. */
  advisoryFiles: string[];
  policyFiles: string[];
  /** VEX documents in force, because paths name them. */
  vexFiles: string[];
  /** Reports of other tools; their unknowns are among those of the reading. */
  reports: ReportRead[];
  /** Live clusters among the paths. */
  clusters?: LiveCluster[];
  /** What small files held, where that was asked for. */
  texts?: KeptTexts;
  unknowns: Unknown[];
}

/** How far a reading is. */
export interface ReadProgress {
  stage: 'reading' | 'scanning' | 'matching' | 'ranking';
  done: number;
  total: number;
  subject: string;
}

export interface ReadEstateOptions {
  onProgress?: ((progress: ReadProgress) => void) | undefined;
  signal?: AbortSignal | undefined;
  /** `linux/arm64`: which image of an index. */
  platform?: string | undefined;
  /** Folder for what was read of layers. */
  cache?: string | undefined;
  /** How registries are asked. */
  registry?: RegistryOptions | undefined;
  /** Reports of other tools beside the paths. */
  reports?: string[] | undefined;
  /** Files of values for Helm charts. */
  values?: string[] | undefined;
  /** Events are left aside where nothing asks what ran. */
  events?: boolean;
  /** What earlier events proved, to go on from. */
  observations?: Observation[] | undefined;
  /** What was learned before of the behaviour of workloads. */
  learned?: LearnedProfile[] | undefined;
  /** ISO 8601; by default now. */
  now?: string | undefined;
  /** How clusters are found and read. */
  clusters?: ReadLiveOptions | undefined;
  /** Whether texts are kept, for whoever tells lines and columns later. */
  keepsTexts?: boolean;
}

/** Alerts kept of one reading; beyond it they are counted in an unknown. */
const MOST_ALERTS = 50_000;

/**
 * Reads manifests, images, SBOMs and events below the given paths. What cannot be read is an unknown; the rest goes on.
 * Readers are loaded when something is there for them: most scans need one.
 */
export async function readEstate(given: string[], options: ReadEstateOptions = {}): Promise<EstateReading> {
  const paths = given.map(showPath);
  const inputs = await recogniseInputs(paths, options.signal);
  const reading: EstateReading = {
    objects: [],
    dockerfiles: [],
    images: [],
    observations: [],
    learned: [...(options.learned ?? [])],
    alerts: [],
    auditFiles: inputs.audits,
    advisoryFiles: inputs.advisories,
    policyFiles: inputs.policies,
    vexFiles: inputs.vex,
    reports: [],
    unknowns: [...inputs.unknowns],
  };
  const patches = await readManifestInputs(inputs, reading, options);
  await readImageInputs(inputs, reading, options);
  await readClusterInputs(inputs, reading, options);
  await readReportInputs([...inputs.reports, ...(options.reports ?? [])], reading, options);
  if (options.events !== false) {
    await readEventInputs(inputs, reading, options);
    await readLearnedInputs(inputs, reading);
  }
  if (inputs.manifests.length + inputs.images.length + inputs.sboms.length + reading.reports.length > 0)
    reading.unknowns.push(...(await limitedWall()));
  const found = [...reading.objects, ...patches, ...reading.unknowns].map(({ place }) => place.source);
  const dockerfiles = reading.dockerfiles.map(({ path }) => path);
  const files = paths.filter((path) => !inputs.clusters.some((context) => path === `cluster:${context}`));
  reading.unknowns.push(...unreadPaths(files, [...found, ...dockerfiles, ...inputs.claimed]));
  return reading;
}

/** What this machine did not grant to keep strangers' files away, said beside what was read under those conditions. */
async function limitedWall(): Promise<Unknown[]> {
  const { wallStatus } = await import('@breakwater/sources/wall');
  const { missing } = await wallStatus();
  return missing.map((message) => ({
    code: 'wall-limited',
    message,
    place: { source: 'this machine' },
    hint: 'breakwater doctor says how to mend it.',
  }));
}

/** Adds what manifests define; gives back the patches among them, which are no objects. */
async function readManifestInputs(
  inputs: RecognisedInputs,
  reading: EstateReading,
  { onProgress, signal, values, keepsTexts }: ReadEstateOptions,
): Promise<ManifestObject[]> {
  if (inputs.manifests.length === 0) return [];
  const { readManifests } = await import('@breakwater/sources/manifests');
  const read = await readManifests(inputs.manifests, {
    except: inputs.claimed,
    read: inputs.read,
    ...(signal ? { signal } : {}),
    ...(values ? { values } : {}),
    onProgress: (progress) => onProgress?.({ stage: 'reading', ...progress }),
  });
  reading.objects.push(...read.objects);
  reading.dockerfiles.push(...read.dockerfiles);
  reading.unknowns.push(...read.unknowns);
  if (keepsTexts) reading.texts = { texts: inputs.read, plain: read.plain };
  return read.patches;
}

async function readImageInputs(
  inputs: RecognisedInputs,
  reading: EstateReading,
  { onProgress, signal, platform, cache, registry }: ReadEstateOptions,
) {
  const total = inputs.images.length + inputs.sboms.length;
  let done = 0;
  const tell = (path: string) => onProgress?.({ stage: 'scanning', done, total, subject: showPath(path) });
  for (const path of inputs.images) {
    const { readImages } = await import('@breakwater/sources/images');
    tell(path);
    const read = await readImages(path, {
      ...(signal ? { signal } : {}),
      ...(platform ? { platform } : {}),
      ...(cache ? { cache } : {}),
      ...(registry ? { registry } : {}),
    });
    reading.images.push(...read.images);
    reading.unknowns.push(...read.unknowns);
    done += 1;
  }
  for (const path of inputs.sboms) {
    const { readSbom } = await import('@breakwater/sources/sboms');
    tell(path);
    signal?.throwIfAborted();
    const read = await readSbom(path);
    if (read.image) reading.images.push(read.image);
    reading.unknowns.push(...read.unknowns);
    done += 1;
  }
}

async function readClusterInputs(
  { clusters }: RecognisedInputs,
  reading: EstateReading,
  { onProgress, signal, clusters: options }: ReadEstateOptions,
) {
  if (clusters.length === 0) return;
  const { readLive } = await import('../clusters/read-live.ts');
  const live = await readLive(clusters, {
    ...options,
    signal,
    onProgress: (progress) => onProgress?.({ stage: 'reading', ...progress }),
  });
  for (const object of live.objects) reading.objects.push(object);
  reading.clusters = live.clusters;
  reading.unknowns.push(...live.unknowns);
}

async function readReportInputs(paths: string[], reading: EstateReading, { onProgress, signal }: ReadEstateOptions) {
  for (const [done, path] of [...new Set(paths)].entries()) {
    const { readReport } = await import('@breakwater/sources/reports');
    signal?.throwIfAborted();
    const source = showPath(path);
    onProgress?.({ stage: 'reading', done, total: paths.length, subject: source });
    const read = await readReport(path, { source, ...(signal ? { signal } : {}) });
    reading.reports.push(read);
    reading.unknowns.push(...read.unknowns);
  }
}

async function readEventInputs(
  inputs: RecognisedInputs,
  reading: EstateReading,
  { onProgress, signal, observations, now }: ReadEstateOptions,
) {
  if (inputs.events.length === 0) {
    reading.observations = observations ?? [];
    return;
  }
  const [{ createEvidenceCollector }, { readEventBatches }, { workloadsOf }, { learnRecorded }] = await Promise.all([
    import('@breakwater/engine/evidence'),
    import('@breakwater/sources/events'),
    import('@breakwater/engine/inventory'),
    import('./learn-recorded.ts'),
  ]);
  const learning = learnRecorded(workloadsOf(reading.objects).workloads);
  const collector = createEvidenceCollector(observations ?? []);
  let dropped = 0;
  for (const [index, path] of inputs.events.entries()) {
    onProgress?.({ stage: 'reading', done: index, total: inputs.events.length, subject: showPath(path) });
    for await (const batch of readEventBatches(path, { source: showPath(path) })) {
      signal?.throwIfAborted();
      for (const { event, unknown } of batch) {
        if (unknown) reading.unknowns.push(unknown);
        if (!event) continue;
        collector.add(event);
        learning.add(event);
        if (event.alert && reading.alerts.length < MOST_ALERTS) reading.alerts.push(event);
        else if (event.alert) dropped += 1;
      }
    }
  }
  reading.observations = collector.observations();
  reading.learned.push(...learning.learned(now ?? new Date().toISOString()));
  if (dropped > 0) {
    reading.unknowns.push({
      code: 'alerts-too-many',
      message: `${dropped} alerts beyond the first ${MOST_ALERTS} were not looked at.`,
      place: { source: inputs.events.map(showPath).join(', ') },
      hint: 'Give a shorter stretch of events.',
    });
  }
}

/** Adds profiles that were written down; what is none is an unknown. */
async function readLearnedInputs({ profiles }: RecognisedInputs, reading: EstateReading): Promise<void> {
  if (profiles.length === 0) return;
  const { readLearned } = await import('../profiles/read-learned.ts');
  for (const path of profiles) {
    const { learned, unknowns } = await readLearned(path);
    reading.learned.push(...learned);
    reading.unknowns.push(...unknowns);
  }
}

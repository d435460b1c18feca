import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { admissionView, type Snapshot, snapshotPath, writeSnapshot } from '@breakwater/app/admission';
import { assessWithSnapshot } from '@breakwater/app/admission/snapshots';
import type { AssessmentStore } from '@breakwater/app/assessment';
import { ADDRESSES_DOCUMENT, estateAddresses, RECIPES_DOCUMENT } from '@breakwater/app/incidents';
import { estateViews, type JudgedEstate, keepJudged, locateEvidence, VIEW_KIND } from '@breakwater/app/questions';
import type { EstateStore } from '@breakwater/store';
import { plain } from '../terminal/style.ts';
import type { WorkerAnswer, WorkerRequest } from './assess-apart.ts';
import { openEstateStore } from './open-estate-store.ts';

const answer = (message: WorkerAnswer) => parentPort?.postMessage(message);

/* Not awaited at the top: of a bundle, parts that are loaded later may lie in this very file, and would wait for it. */
void assess(workerData as WorkerRequest).finally(() => parentPort?.close());

async function assess({ paths, ...request }: WorkerRequest): Promise<void> {
  const stop = new AbortController();
  parentPort?.on('message', () => stop.abort());
  // Its own connection: what registries brought is looked up, and all is stored, while the server goes on.
  const store = await openEstateStore(request.state);
  try {
    const kept = keepJudged();
    const { assessment, snapshot } = await assessWithSnapshot(paths, {
      ...request,
      ...(await store.ingest.evidence()),
      learned: await store.behaviour.described(),
      onGathered: kept.onGathered,
      clusters: { ...request.clusters, known: (context) => followed(request.state, context) },
      signal: stop.signal,
      knownImages: (names) => store.registries.imagesNamed(names),
      onProgress: (progress) => answer({ kind: 'progress', progress }),
    });
    answer({ kind: 'storing' });
    const judged = kept.judged(assessment);
    // Whoever sees the new assessment finds them.
    const { facts } = judged.gathered;
    await store.writeDocument(...ADDRESSES_DOCUMENT, estateAddresses(facts));
    await store.writeDocument(...RECIPES_DOCUMENT, Object.fromEntries(facts.dockerfiles ?? []));
    const changes = await store.save(assessment);
    await keepForAdmission(request.state, snapshot);
    await keepViews(store, request.state, judged);
    const { workloads, loss } = assessment.ranking;
    answer({ kind: 'done', stored: { workloads: workloads.length, loss, changes } });
    // What is told is served: the rest may take its time.
    await keepFacts(store, { ...request, paths }, judged, stop.signal);
  } catch (error) {
    const { message, code, hint } = error as Error & { code?: string; hint?: string };
    answer({ kind: 'failed', message, ...(code ? { code } : {}), ...(hint ? { hint } : {}) });
  } finally {
    await store.close();
  }
}

/** What admission answers from. Where it cannot be kept, the one before it counts, and says how old it is. */
async function keepForAdmission(state: string, snapshot: Snapshot): Promise<void> {
  try {
    await writeSnapshot(snapshotPath(state), snapshot);
  } catch (error) {
    process.stderr.write(
      `Admission goes on by what it had: ${plain(error instanceof Error ? error.message : String(error))}\n`,
    );
  }
}

/** What explains what workloads do from now on. Where it cannot be kept, the next reading tries again. */
async function keepFacts(
  store: EstateStore,
  { paths, state, now, profileKey, registry }: WorkerRequest,
  { gathered }: JudgedEstate,
  signal: AbortSignal,
): Promise<void> {
  try {
    const { keepAttachedProfiles, keepReleaseFacts } = await import('@breakwater/app/profiles');
    if (profileKey !== undefined) {
      const publicKey = await readFile(profileKey, 'utf8');
      const images = [...gathered.facts.images.values()].flat().flatMap(({ image }) => image ?? []);
      const unknowns = await keepAttachedProfiles(paths, images, store, { publicKey, now, registry, signal });
      for (const { message, place } of unknowns) process.stderr.write(`${plain(place.source)}: ${plain(message)}\n`);
    }
    await keepReleaseFacts(gathered.facts, store, { now, cache: join(state, 'layers'), signal });
  } catch (error) {
    if (signal.aborted) return;
    process.stderr.write(
      `What releases hold could not be kept: ${plain(error instanceof Error ? error.message : String(error))}\n`,
    );
  }
}

/** What pages show of the estate as a whole. */
async function keepViews(store: AssessmentStore, state: string, judged: JudgedEstate): Promise<void> {
  const views = estateViews(judged, await admissionView(state));
  const located = { ...views, questions: await locateEvidence(views.questions) };
  for (const [name, view] of Object.entries(located)) await store.writeDocument(VIEW_KIND, name, view);
}

/** What the follower of a cluster keeps of it. */
async function followed(state: string, context: string) {
  const { readSnapshot, snapshotFolder } = await import('@breakwater/app/clusters');
  return await readSnapshot(snapshotFolder(state), context);
}

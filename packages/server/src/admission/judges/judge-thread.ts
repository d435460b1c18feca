import { parentPort, workerData } from 'node:worker_threads';
import {
  type AdmissionBasis,
  keepLastGood,
  openAdmission,
  openAdmissionFrom,
  readLastGood,
  summarizeBasis,
  warmUp,
} from '@breakwater/app/admission';
import { judgeReview } from './judge-review.ts';
import { collectGarbage } from './memory.ts';
import type { JudgeAnswer, JudgeRequest, JudgeSetup, Opened } from './messages.ts';
import { rememberNamespaces } from './remember-namespaces.ts';

const { sources, settings, asks, lastGood: first } = workerData as JudgeSetup;
const now = (): string => new Date().toISOString();
const namespaces = rememberNamespaces(Date.now);
const say = (answer: JudgeAnswer): void => parentPort?.postMessage(answer);

let basis: AdmissionBasis | undefined;
let kept = '';

void start();

parentPort?.on('message', (message: JudgeRequest) => {
  if (message.kind === 'open') void openAgain(message.lastGood);
  else if (basis !== undefined) {
    const { id, body, answers } = message;
    try {
      const found = judgeReview(body, basis, settings, now(), namespaces.beside(answers));
      if (!asks && 'asked' in found) delete found.asked;
      say({ kind: 'judged', id, found });
    } catch (error) {
      console.error(error);
      say({ kind: 'not-judged', id });
    }
  }
});

type Openable = Awaited<ReturnType<typeof openAdmission>>;

/** A snapshot that cannot be used leaves our policies and those of the given paths, and what was last good of both. */
async function start(): Promise<void> {
  const lastGood = first ?? (await readLastGood(sources.state));
  let trouble: string | undefined;
  const opening = openAdmission(sources, now(), lastGood).catch((error: Error) => {
    trouble = error.message;
    return openAdmissionFrom('damaged', sources, now(), lastGood);
  });
  await takeUp(opening, () => trouble);
}

const openAgain = (lastGood: Opened['lastGood'] | undefined): Promise<void> =>
  takeUp(openAdmission(sources, now(), lastGood), () => undefined);

/** Makes what was opened ready before it counts: nobody waits for the first request. */
async function takeUp(opening: Promise<Openable>, trouble: () => string | undefined): Promise<void> {
  try {
    const opened = await opening;
    warmUp(opened.basis, now());
    basis = opened.basis;
    const { lastGood } = opened;
    collectGarbage();
    kept = await keepLastGood(sources.state, lastGood, kept).catch(() => '');
    say({ kind: 'opened', opened: { summary: summarizeBasis(basis), lastGood, trouble: trouble() } });
  } catch (error) {
    const { message, code = 'admission-not-opened', hint } = error as Error & { code?: string; hint?: string };
    say({ kind: 'not-opened', message, code, hint });
  }
}

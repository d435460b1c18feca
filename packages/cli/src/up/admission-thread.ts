import { parentPort, workerData } from 'node:worker_threads';
import { serveAdmission } from '../admission/serve-admission.ts';
import type { AdmissionRoleAnswer, AdmissionRoleSetup } from './admission-role.ts';

const stop = new AbortController();
const say = (answer: AdmissionRoleAnswer): void => parentPort?.postMessage(answer);

parentPort?.on('message', () => stop.abort());

/* Not awaited at the top: of a bundle, parts that are loaded later may lie in this very file, and would wait for it. */
void serve(workerData as AdmissionRoleSetup).finally(() => parentPort?.close());

async function serve(setup: AdmissionRoleSetup): Promise<void> {
  try {
    await serveAdmission({ ...setup, signal: stop.signal }, () => say({ kind: 'listens' }));
  } catch (error) {
    const { message, code = 'admission-failed', hint } = error as Error & { code?: string; hint?: string };
    say({ kind: 'failed', message, code, ...(hint !== undefined && { hint }) });
  }
}

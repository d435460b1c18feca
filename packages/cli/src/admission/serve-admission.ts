import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AdmissionSources, admissionFolder, decisionLogPath, openDecisionLog } from '@breakwater/app/admission';
import { UserError } from '@breakwater/model';
import {
  type ApiServer,
  type CertificateSource,
  type ClientCheck,
  givenCertificates,
  keepInFolder,
  keepInSecret,
  listenForReviews,
  lookUpAt,
  openApiServer,
  openJudges,
  ownCertificates,
  SERVICE_ACCOUNT_FOLDER,
} from '@breakwater/server/admission';
import { namedPolicies } from '../assess.ts';
import { EXIT, type Invocation } from '../command.ts';
import { readPort } from '../options.ts';
import { plain } from '../terminal/style.ts';
import { admissionSettings, listOption, namespacedOption, textOption } from './admission-options.ts';
import { snapshotText, type ToldSnapshot } from './snapshot-age.ts';
import { openWebhookKeeper } from './webhook-keeper.ts';

const OWN_NAMES = ['localhost', '127.0.0.1', '::1'];

/**
 * Listens for AdmissionReviews until it is told to end. Needs neither the store nor the server of `up`.
 *
 * @param onListening told as soon as it answers.
 */
export async function serveAdmission(invocation: Invocation, onListening = (): void => {}): Promise<number> {
  const report = (message: string) => void process.stderr.write(`${plain(message)}\n`);
  const sources = admissionSources(invocation);
  const settings = admissionSettings(invocation);
  const api = await openApi(invocation);
  const keeper = openWebhookKeeper(api, textOption(invocation, 'webhook'), report);
  const tell = (summary: ToldSnapshot) =>
    void process.stdout.write(`In force: ${snapshotText(summary, new Date())}.\n`);
  const judges = await openJudges({
    sources,
    settings,
    lookUp: api && invocation.options['ask-api-server'] === true ? lookUpAt(api, Date.now) : undefined,
    onChange(summary) {
      keeper.want({ watched: summary.watched });
      tell(summary);
    },
    report,
  });
  try {
    tell(judges.current());
    const server = await listenForReviews({
      host: textOption(invocation, 'listen') ?? '127.0.0.1',
      port: readPort(invocation, 8443),
      judges,
      settings,
      certificates: certificateSource(invocation, api, report),
      clients: await clientCheck(invocation),
      decisions: openDecisionLog(decisionLogPath(invocation.state), report),
      report,
      onCertificate(serving) {
        keeper.want({ serving, watched: judges.current().watched });
        process.stdout.write(`Certificate until ${serving.validUntil.toISOString().slice(0, 10)}.\n`);
      },
    });
    process.stdout.write(`Admission listens on port ${server.port}.\n`);
    onListening();
    await untilStopped(invocation.signal);
    await server.close();
  } finally {
    // Also where it never came to listen: what goes on would keep a process that failed.
    keeper.close();
    await judges.close();
    api?.close();
  }
  return EXIT.passed;
}

/** What requests are judged by. */
export function admissionSources(invocation: Invocation): AdmissionSources {
  return {
    state: invocation.state,
    snapshot: textOption(invocation, 'snapshot'),
    policies: namedPolicies(invocation),
    packs: listOption(invocation, 'packs'),
    kubernetesVersion: textOption(invocation, 'kubernetes-version'),
  };
}

/** The API server, where an option needs it. */
async function openApi(invocation: Invocation): Promise<ApiServer | undefined> {
  const { options } = invocation;
  const needed = ['webhook', 'ask-api-server', 'certificate-secret'].some((option) => options[option] !== undefined);
  if (!needed) return undefined;
  return await openApiServer(textOption(invocation, 'service-account') ?? SERVICE_ACCOUNT_FOLDER, process.env);
}

function certificateSource(
  invocation: Invocation,
  api: ApiServer | undefined,
  report: (message: string) => void,
): CertificateSource {
  const certificate = textOption(invocation, 'tls-certificate');
  const key = textOption(invocation, 'tls-key');
  if ((certificate === undefined) !== (key === undefined)) {
    throw new UserError('A certificate needs its key.', {
      code: 'option-invalid',
      hint: 'Give --tls-certificate and --tls-key, or neither for certificates of our own.',
    });
  }
  if (certificate !== undefined && key !== undefined) {
    return givenCertificates(certificate, key, textOption(invocation, 'tls-authority'));
  }
  const names = listOption(invocation, 'name');
  const secret = namespacedOption(invocation, 'certificate-secret');
  const folder = certificateFolder(invocation.state);
  const keep = secret && api ? keepInSecret(api, secret.namespace, secret.name) : keepInFolder(folder);
  return ownCertificates(keep, names.length > 0 ? names : OWN_NAMES, report);
}

/** Where certificates of our own are kept. */
export const certificateFolder = (state: string): string => join(admissionFolder(state), 'tls');

async function clientCheck(invocation: Invocation): Promise<ClientCheck | undefined> {
  const path = textOption(invocation, 'client-authority');
  if (path === undefined) return undefined;
  return { authority: await readFile(path, 'utf8'), name: textOption(invocation, 'client-name') };
}

function untilStopped(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

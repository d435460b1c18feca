import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  admissionView,
  decisionLogPath,
  openAdmission,
  readDecisions,
  snapshotOf,
  webhookConfiguration,
  writeSnapshot,
} from '@breakwater/app/admission';
import { UserError } from '@breakwater/model';
import { ADMISSION_OPTIONS, admissionSettings, namespacedOption, textOption } from '../admission/admission-options.ts';
import { admissionSources, certificateFolder, serveAdmission } from '../admission/serve-admission.ts';
import { snapshotText } from '../admission/snapshot-age.ts';
import { ADMIT_PATH, webhookAddress } from '../admission/webhook-address.ts';
import { type Command, EXIT, type Invocation } from '../command.ts';
import { outputOption, readPort } from '../options.ts';
import { plain } from '../terminal/style.ts';

export const command: Command = {
  name: 'admission',
  summary: 'Answers an API server: a validating webhook that judges by the same policies as a build.',
  usage: 'serve | config | snapshot TARGET... | decisions',
  examples: [
    { command: 'breakwater admission serve --policies my-policies/', says: 'listen on 127.0.0.1:8443' },
    {
      command: 'breakwater admission config --url https://127.0.0.1:8443/admit | kubectl apply -f -',
      says: 'make an API server ask it',
    },
    {
      command: 'breakwater admission snapshot cluster: images/ --snapshot snapshot.json',
      says: 'what it is to know',
    },
    { command: 'breakwater admission decisions', says: 'what it decided lately' },
  ],
  options: {
    ...ADMISSION_OPTIONS,
    output: { type: 'string', short: 'o', value: 'FORMAT', help: 'For `decisions`: table (default) or json' },
  },
  async run(invocation) {
    const [action, ...more] = invocation.positionals;
    if (action === 'snapshot' && more.length > 0) return await takeSnapshot(invocation, more);
    if (more.length === 0) {
      if (action === 'serve') return await serveAdmission(invocation);
      if (action === 'config') return await printConfiguration(invocation);
      if (action === 'decisions') return await printDecisions(invocation);
    }
    throw new UserError('Say what to do: serve, config, snapshot or decisions.', {
      code: 'action-missing',
      hint: 'breakwater admission --help shows examples.',
    });
  },
};

/** Reads targets and writes what admission needs of them, as `up` does with each reading. */
async function takeSnapshot(invocation: Invocation, targets: string[]): Promise<number> {
  const { assessWithSnapshot } = await import('@breakwater/app/admission/snapshots');
  const sources = admissionSources(invocation);
  const path = snapshotOf(sources);
  const { packs, kubernetesVersion, policies, state } = sources;
  const options = {
    state,
    policies,
    packs,
    kubernetesVersion,
    now: new Date().toISOString(),
    signal: invocation.signal,
  };
  const choice = { cluster: textOption(invocation, 'cluster'), previous: path };
  const { snapshot } = await assessWithSnapshot(targets, options, choice);
  const version = await writeSnapshot(path, snapshot);
  const { objects, images } = snapshot;
  process.stdout.write(`${path}: ${objects.length} objects, ${images.length} images, version ${version}\n`);
  return EXIT.passed;
}

/** A ValidatingWebhookConfiguration as JSON, which is YAML too. */
async function printConfiguration(invocation: Invocation): Promise<number> {
  const { basis } = await openAdmission(admissionSources(invocation), new Date().toISOString());
  const caBundle = await caBundleOf(invocation);
  const service = namespacedOption(invocation, 'service');
  const url = webhookAddress(textOption(invocation, 'url') ?? `https://127.0.0.1:${readPort(invocation, 8443)}`);
  const where = service ? { service: { ...service, path: ADMIT_PATH, port: 443 } } : { url };
  const name = textOption(invocation, 'webhook') ?? 'breakwater';
  const made = webhookConfiguration(name, basis, admissionSettings(invocation), {
    ...where,
    ...(caBundle && { caBundle }),
  });
  process.stdout.write(`${JSON.stringify(made, undefined, 2)}\n`);
  return EXIT.passed;
}

/** Who vouches for the listener, where that is known here: it is when the listener ran once. */
async function caBundleOf(invocation: Invocation): Promise<string | undefined> {
  const path = textOption(invocation, 'tls-authority') ?? join(certificateFolder(invocation.state), 'ca.crt');
  const bundle = await readFile(path).catch(() => undefined);
  if (bundle === undefined && invocation.options['quiet'] !== true) {
    process.stderr.write('Without a caBundle: start `breakwater admission serve` once, or name --tls-authority.\n');
  }
  return bundle?.toString('base64');
}

async function printDecisions(invocation: Invocation): Promise<number> {
  const decisions = await readDecisions(decisionLogPath(invocation.state));
  const { faults = [], snapshot } = await admissionView(invocation.state);
  if (outputOption(invocation, ['table', 'json']) === 'json') {
    process.stdout.write(`${JSON.stringify({ decisions, faults }, undefined, 2)}\n`);
    return EXIT.passed;
  }
  if (snapshot !== undefined && invocation.options['quiet'] !== true)
    process.stderr.write(`${plain(`By ${snapshotText(snapshot, new Date())}.`)}\n`);
  for (const fault of faults) process.stderr.write(`${plain(fault)}\n`);
  if (decisions.length === 0) process.stdout.write('Nothing was refused, warned of or let through by exception.\n');
  for (const { time, outcome, operation, kind, namespace, name, user, reasons, note, breakGlass } of decisions.slice(
    0,
    50,
  )) {
    const why = breakGlass ? `“${breakGlass.reason}”` : (note ?? reasons[0]?.message ?? '');
    const what = `${operation} ${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`;
    process.stdout.write(
      `${plain(`${time}  ${outcome.padEnd(11)}  ${what}  by ${user}: ${reasons[0]?.policy ?? ''} ${why}`)}\n`,
    );
  }
  return EXIT.passed;
}

import { existsSync, readFileSync } from 'node:fs';
import { proposeGate } from '@breakwater/engine/compile/gate';
import { Incident, type JsonObject, UserError } from '@breakwater/model';
import { yamlDocuments } from '@breakwater/outputs/formats';
import { EXIT, type Invocation } from '../command.ts';
import { dim, plain, yellow } from '../terminal/style.ts';

/** Writes the policy that would have refused what made an incident possible: a file of one, or one of the store by its id. */
export async function gateOfIncident(invocation: Invocation, name: string): Promise<number> {
  const proposed = proposeGate(existsSync(name) ? incidentIn(name) : await incidentOf(invocation, name));
  if (proposed === undefined) {
    process.stderr.write('Nothing that manifests show made it possible: there is no gate for it.\n');
    return EXIT.unknown;
  }
  const { policy, because, notes } = proposed;
  process.stdout.write(await yamlDocuments([policy as unknown as JsonObject]));
  if (invocation.options['quiet'] === true) return EXIT.passed;
  for (const sentence of because) process.stderr.write(`${dim('because')}  ${plain(sentence)}\n`);
  for (const note of notes) process.stderr.write(`${yellow('besides')}  ${plain(note)}\n`);
  process.stderr.write('Read it, and try whom it would hit: breakwater policy dry-run k8s/ --policies FILE\n');
  return EXIT.passed;
}

function incidentIn(path: string): Incident {
  try {
    return Incident.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    throw new UserError(`${path} could not be read as an incident.`, {
      code: 'incident-invalid',
      hint: 'breakwater incidents show ID --output json writes one.',
      cause,
    });
  }
}

async function incidentOf({ state }: Invocation, id: string): Promise<Incident> {
  const [{ openEstateStore }, { readIncident }] = await Promise.all([
    import('../up/open-estate-store.ts'),
    import('@breakwater/app/incidents'),
  ]);
  const store = await openEstateStore(state);
  try {
    return await readIncident(store.incidents, id);
  } finally {
    await store.close();
  }
}

import { UserError } from '@breakwater/model';
import type { Invocation } from '../command.ts';

/** How a target is named for a kind of response, and which options it takes. */
interface Naming {
  /** As help shows it. */
  shape: string;
  fields: readonly string[];
  options: readonly string[];
  inCluster: boolean;
}

const NAMINGS: Readonly<Record<string, Naming>> = {
  snapshot: { shape: 'CONTAINER', fields: ['container'], options: ['megabytes'], inCluster: false },
  'kill-process': { shape: 'PID', fields: ['pid'], options: ['start', 'signal'], inCluster: false },
  'stop-container': { shape: 'CONTAINER', fields: ['container'], options: ['seconds'], inCluster: false },
  'delete-pod': { shape: 'NAMESPACE/POD', fields: ['namespace', 'pod'], options: ['seconds'], inCluster: true },
  quarantine: { shape: 'NAMESPACE/POD', fields: ['namespace', 'pod'], options: [], inCluster: true },
  'scale-to-zero': {
    shape: 'NAMESPACE/KIND/NAME',
    fields: ['namespace', 'kind', 'name'],
    options: [],
    inCluster: true,
  },
  cordon: { shape: 'NODE', fields: ['node'], options: [], inCluster: true },
};

/** Whether what is named is in a cluster. */
export const isInCluster = (response: string): boolean =>
  Object.hasOwn(NAMINGS, response) && NAMINGS[response]?.inCluster === true;

/** The configuration of a response from what was typed. @throws {UserError} where the target has another shape */
export function configOf(response: string, target: string, { options }: Invocation): Record<string, unknown> {
  const naming = Object.hasOwn(NAMINGS, response) ? NAMINGS[response] : undefined;
  if (naming === undefined) return {};
  const parts = target.split('/');
  if (parts.length !== naming.fields.length || parts.includes('')) {
    throw new UserError(`${response} takes ${naming.shape}, not '${target}'.`, { code: 'target-invalid' });
  }
  const named = naming.fields.map((field, index) => [field, parts[index]]);
  const typed = naming.options.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]]));
  return Object.fromEntries([...named, ...typed]) as Record<string, unknown>;
}

import { readFileSync } from 'node:fs';
import { draftPolicy } from '@breakwater/app/policies';
import { parseFieldPath } from '@breakwater/engine/policy';
import { type JsonObject, UserError } from '@breakwater/model';
import { yamlDocuments } from '@breakwater/outputs/formats';
import { readManifestText } from '@breakwater/sources/manifests';
import { EXIT, type Invocation } from '../command.ts';
import type { PolicyAction } from './action.ts';

/** Writes a policy with its cases to stdout, from what the options say; it asks nothing. */
export const newPolicy: PolicyAction = async (invocation, [name, ...rest]) => {
  const incident = invocation.options['incident'] as string | undefined;
  if (incident !== undefined) return await (await import('./propose-gate.ts')).gateOfIncident(invocation, incident);
  if (name === undefined || rest.length > 0) {
    throw new UserError('What is the policy to be called?', {
      code: 'action-missing',
      hint: 'breakwater policy new no-node-ports --from service.yaml --field spec.type',
    });
  }
  const text = (option: string): string | undefined => invocation.options[option] as string | undefined;
  const [require, forbid] = [text('require'), text('forbid')];
  if (require !== undefined && forbid !== undefined) {
    throw new UserError('Say what must hold, or what must not: --require or --forbid.', { code: 'option-invalid' });
  }
  const policy = draftPolicy({
    name,
    require,
    forbid,
    kinds: invocation.options['kind'] as string[] | undefined,
    title: text('title'),
    why: text('why'),
    fix: text('fix'),
    severity: text('severity'),
    each: text('each'),
    message: text('message'),
    object: objectFrom(text('from')),
    pointer: pointerOf(invocation),
  });
  process.stdout.write(await yamlDocuments([policy as unknown as JsonObject]));
  return EXIT.passed;
};

/** The first object of a file. */
function objectFrom(file: string | undefined): JsonObject | undefined {
  if (file === undefined) return undefined;
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UserError(`${file} cannot be read.`, { code: 'file-unreadable', cause: error });
  }
  const [first] = readManifestText({ source: file, text, inChart: false }).objects;
  if (first !== undefined) return first.object;
  throw new UserError(`There is no object in ${file}.`, {
    code: 'object-missing',
    hint: 'It must hold a Kubernetes object, as YAML or JSON, with apiVersion, kind and a name.',
  });
}

function pointerOf({ options }: Invocation): (string | number)[] | undefined {
  const field = options['field'] as string | undefined;
  if (field === undefined) return undefined;
  if (options['from'] === undefined) {
    throw new UserError('--field names a field of the object that --from gives.', {
      code: 'option-invalid',
      hint: `breakwater policy new no-node-ports --from service.yaml --field ${field}`,
    });
  }
  const path = parseFieldPath(field.startsWith('object.') ? field : `object.${field}`);
  if (path !== undefined) return [...path.steps];
  throw new UserError(`${field} is no path of a field.`, {
    code: 'option-invalid',
    hint: "Such as spec.type, spec.rules[0].host or metadata.labels['app.example/tier'].",
  });
}

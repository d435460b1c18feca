import { UserError } from '@breakwater/model';
import { ADMISSION_OPTIONS } from '../admission/admission-options.ts';
import type { Invocation, Option } from '../command.ts';
import { INGEST_OPTIONS } from '../ingest/ingest-options.ts';

/** Parts of the program that a process can be. */
const ROLES = ['api', 'worker', 'ingest', 'admission'] as const;
type Role = (typeof ROLES)[number];

/** Of these each needs the other in its process: what was read is served from there. */
const ESTATE: readonly Role[] = ['api', 'worker'];
const DEFAULT: readonly Role[] = [...ESTATE, 'ingest'];

/** Options of admission that `up` has under the same name, or that only other commands need. */
const SHARED = new Set(['policies', 'packs', 'kubernetes-version']);
const LEFT_OUT = new Set([...SHARED, 'snapshot', 'cluster', 'url', 'service']);
const PREFIX = 'admission-';

/** `--roles`, and the options of `breakwater admission serve` with `admission-` before their names. */
export const ROLE_OPTIONS: Record<string, Option> = {
  roles: { type: 'string', value: 'ROLES', help: `Of ${ROLES.join(',')}: what to be (default: ${DEFAULT.join(',')})` },
  ...INGEST_OPTIONS,
  ...Object.fromEntries(
    Object.entries(ADMISSION_OPTIONS)
      .filter(([name]) => !LEFT_OUT.has(name))
      .map(([name, option]) => [`${PREFIX}${name}`, option]),
  ),
};

/** What this process is to be. Throws UserError for roles that there are not, or that go alone. */
export function namedRoles({ options }: Invocation): { estate: boolean; ingest: boolean; admission: boolean } {
  const text = typeof options['roles'] === 'string' ? options['roles'] : DEFAULT.join(',');
  const roles = text.split(',').map((role) => role.trim());
  const unknown = roles.find((role) => !(ROLES as readonly string[]).includes(role));
  if (unknown !== undefined) {
    throw new UserError(`There is no role ${unknown}.`, {
      code: 'option-invalid',
      hint: `Roles: ${ROLES.join(', ')}.`,
    });
  }
  const own = ESTATE.filter((role) => roles.includes(role));
  if (own.length > 0 && own.length < ESTATE.length) {
    throw new UserError(`The roles ${ESTATE.join(', ')} run in one process.`, {
      code: 'option-invalid',
      hint: `Name both of them, or none: --roles ${DEFAULT.join(',')}, --roles ingest or --roles admission.`,
    });
  }
  const [ingest, admission] = [roles.includes('ingest'), roles.includes('admission')];
  if (ingest && admission && own.length === 0) {
    throw new UserError('Taking events and admission go together only beside the API.', {
      code: 'option-invalid',
      hint: 'Start a process for each: --roles ingest, and --roles admission.',
    });
  }
  return { estate: own.length > 0, ingest, admission };
}

/** What was typed, as `breakwater admission serve` would have been told. Links lead to the console of this process. */
export function ofAdmission(invocation: Invocation): Invocation {
  const options: Invocation['options'] = { quiet: invocation.options['quiet'] };
  for (const [name, value] of Object.entries(invocation.options)) {
    if (name.startsWith(PREFIX)) options[name.slice(PREFIX.length)] = value;
    else if (SHARED.has(name)) options[name] = value;
  }
  const { port } = invocation.options;
  if (typeof port === 'string' && port !== '0') options['console'] ??= `http://127.0.0.1:${port}`;
  return { ...invocation, name: 'admission', positionals: ['serve'], options };
}

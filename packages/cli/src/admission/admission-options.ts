import { type AdmissionSettings, DEFAULT_SETTINGS } from '@breakwater/app/admission';
import { UserError } from '@breakwater/model';
import { POLICIES_OPTION } from '../assess.ts';
import type { Invocation, Option } from '../command.ts';

/** Options of `breakwater admission`. */
export const ADMISSION_OPTIONS = {
  policies: POLICIES_OPTION,
  packs: { type: 'string', multiple: true, value: 'PACK', help: 'Put a pack in force too: pod-security-restricted' },
  'kubernetes-version': { type: 'string', value: '1.N', help: 'Judge by the policies for it (default: latest)' },
  snapshot: {
    type: 'string',
    value: 'FILE',
    help: 'The snapshot (default: the one that `up` keeps in the state folder)',
  },
  failure: { type: 'string', value: 'CHOICE', help: 'ignore (default) or fail: what becomes of what cannot be judged' },
  undecided: { type: 'string', value: 'CHOICE', help: 'warn (default) or block: where a blocking policy is undecided' },
  exclude: {
    type: 'string',
    multiple: true,
    value: 'NAMESPACE',
    help: 'Never judge there, nor in those of the system',
  },
  cluster: { type: 'string', value: 'NAME', help: 'Name of the cluster (default: that of the snapshot)' },
  console: { type: 'string', value: 'URL', help: 'Where links of denials lead (default: http://127.0.0.1:7070)' },
  listen: { type: 'string', value: 'ADDRESS', help: 'Address to listen at (default: 127.0.0.1)' },
  port: { type: 'string', value: 'PORT', help: 'Port of the listener (default: 8443)' },
  name: { type: 'string', multiple: true, value: 'HOST', help: 'Names and addresses that the certificate is for' },
  'tls-certificate': { type: 'string', value: 'FILE', help: 'Serve with this certificate, read again when it changes' },
  'tls-key': { type: 'string', value: 'FILE', help: 'Its key' },
  'tls-authority': { type: 'string', value: 'FILE', help: 'Who vouches for it, for caBundle' },
  'certificate-secret': {
    type: 'string',
    value: 'NS/NAME',
    help: 'Keep our certificates in this Secret, for replicas',
  },
  webhook: { type: 'string', value: 'NAME', help: 'Keep this ValidatingWebhookConfiguration up to date' },
  'ask-api-server': { type: 'boolean', help: 'Ask for pods, namespaces and permissions that the snapshot lacks' },
  'service-account': { type: 'string', value: 'FOLDER', help: 'Token and ca.crt for the API server' },
  'client-authority': {
    type: 'string',
    value: 'FILE',
    help: 'Answer only clients with a certificate of this authority',
  },
  'client-name': { type: 'string', value: 'NAME', help: 'And of this common name' },
  'break-glass-user': { type: 'string', multiple: true, value: 'USER', help: 'May let through what policies refuse' },
  'break-glass-group': { type: 'string', multiple: true, value: 'GROUP', help: 'May let through what policies refuse' },
  'break-glass-permission': { type: 'boolean', help: 'And whoever may `bypass` policies.breakwater.dev' },
  'break-glass-hours': { type: 'string', value: 'N', help: 'Longest time that an object may carry it (default: 24)' },
  url: { type: 'string', value: 'URL', help: 'For `config`: where the API server finds us' },
  service: { type: 'string', value: 'NS/NAME', help: 'For `config`: the Service in front of us' },
} satisfies Record<string, Option>;

/** How requests are answered, by what was typed. Throws UserError for values that there are not. */
export function admissionSettings(invocation: Invocation): AdmissionSettings {
  const console = textOption(invocation, 'console') ?? DEFAULT_SETTINGS.console;
  if (!/^https?:\/\/[^\s]+$/.test(console)) throw invalid('console', 'an address such as https://breakwater.example');
  return {
    ...DEFAULT_SETTINGS,
    cluster: textOption(invocation, 'cluster'),
    excludedNamespaces: new Set([...DEFAULT_SETTINGS.excludedNamespaces, ...listOption(invocation, 'exclude')]),
    failure: choose(invocation, 'failure', ['ignore', 'fail']),
    undecided: choose(invocation, 'undecided', ['warn', 'block']),
    console: console.replace(/\/+$/, ''),
    breakGlass: {
      users: listOption(invocation, 'break-glass-user'),
      groups: listOption(invocation, 'break-glass-group'),
      asksPermission: invocation.options['break-glass-permission'] === true,
      mostHours: hoursOption(invocation),
    },
  };
}

/** The value of an option that is a text; undefined where it was not given. */
export const textOption = ({ options }: Invocation, name: string): string | undefined =>
  typeof options[name] === 'string' && options[name] !== '' ? options[name] : undefined;

/** The values of an option that may be given several times. */
export const listOption = ({ options }: Invocation, name: string): string[] => (options[name] as string[]) ?? [];

/** `namespace/name`. */
export function namespacedOption(
  invocation: Invocation,
  option: string,
): { namespace: string; name: string } | undefined {
  const text = textOption(invocation, option);
  if (text === undefined) return undefined;
  const [namespace = '', name = '', ...more] = text.split('/');
  if (namespace === '' || name === '' || more.length > 0)
    throw invalid(option, 'a namespace and a name: breakwater/admission');
  return { namespace, name };
}

function choose<T extends string>(invocation: Invocation, option: string, choices: readonly [T, ...T[]]): T {
  const text = textOption(invocation, option) ?? choices[0];
  const found = choices.find((choice) => choice === text);
  if (found === undefined) throw invalid(option, choices.join(' or '));
  return found;
}

function hoursOption(invocation: Invocation): number {
  const text = textOption(invocation, 'break-glass-hours');
  if (text === undefined) return DEFAULT_SETTINGS.breakGlass.mostHours;
  if (!/^[1-9]\d{0,3}$/.test(text)) throw invalid('break-glass-hours', 'a number of hours');
  return Number(text);
}

const invalid = (option: string, wants: string): UserError =>
  new UserError(`--${option} takes ${wants}.`, { code: 'option-invalid' });

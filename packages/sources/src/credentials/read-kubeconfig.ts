import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Unknown, UserError } from '@breakwater/model';
import { parseYamlDocuments } from '../manifests/parse-documents.ts';
import { type Credential, LONGEST_NAME, userCredential } from './credential.ts';
import { readCertificate } from './read-certificate.ts';
import { readToken } from './read-token.ts';

/** What the credentials of a file say of whom they belong to. */
export interface CredentialFile {
  credentials: Credential[];
  /** Credentials that do not say it. */
  unknowns: Unknown[];
}

/** Largest kubeconfig, token or certificate that is read. */
const LARGEST = 1024 * 1024;

/** Most users of one kubeconfig. */
const MOST_USERS = 1_000;

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads whose credentials lie in a kubeconfig that may be anybody's: nothing in it is run, asked or sent anywhere, and no
 * credential leaves this function. Files that it names are read only for the name in them. Throws UserError for a file
 * that is no kubeconfig.
 */
export function readKubeconfigCredentials(path: string): CredentialFile {
  const found: CredentialFile = { credentials: [], unknowns: [] };
  for (const [index, entry] of usersOf(path).slice(0, MOST_USERS).entries()) {
    const name = textOf(entry['name']) ?? `${index + 1}`;
    const unknown = (message: string, hint: string): Unknown => ({
      code: 'credential-unnamed',
      message: `User ${name} of ${path}: ${message}`,
      place: { source: path, pointer: ['users', index] },
      hint,
    });
    readUser(fieldsOf(entry['user']), name, dirname(path), found, unknown);
  }
  return found;
}

function usersOf(path: string): Fields[] {
  const [document] = parseYamlDocuments(textOfFile(path)).documents;
  const config = fieldsOf(document?.value);
  const users = config['users'];
  if (config['kind'] !== undefined && config['kind'] !== 'Config') throw noKubeconfig(path);
  if (!Array.isArray(users)) throw noKubeconfig(path);
  return users.map(fieldsOf);
}

type ToUnknown = (message: string, hint: string) => Unknown;

function readUser(user: Fields, name: string, folder: string, found: CredentialFile, unknown: ToUnknown): void {
  const before = found.credentials.length + found.unknowns.length;
  const hint = 'Name who it is: breakwater what-if leak user:NAME';
  const keep = (credential: Credential | undefined, what: string) => {
    if (credential !== undefined) found.credentials.push(credential);
    else found.unknowns.push(unknown(`its ${what} does not say whose it is.`, hint));
  };
  const certificate = dataOf(user, 'client-certificate-data', 'client-certificate', folder);
  if (certificate !== undefined)
    keep(readCertificate(certificate, `client certificate of user ${name}`), 'certificate');
  const provider = fieldsOf(fieldsOf(user['auth-provider'])['config']);
  const token =
    textOf(user['token'], LARGEST) ??
    fileOf(user, 'tokenFile', folder)?.toString('utf8') ??
    textOf(provider['id-token'], LARGEST);
  if (token !== undefined) keep(readToken(token, `token of user ${name}`), 'token');
  const login = textOf(user['username']);
  if (login !== undefined) found.credentials.push(userCredential(`password of user ${name}`, login, []));
  const command = textOf(fieldsOf(user['exec'])['command']);
  if (command !== undefined)
    found.unknowns.push(unknown(`the plug-in ${command} says who it is, and is not run.`, hint));
  if (found.credentials.length + found.unknowns.length === before)
    found.unknowns.push(unknown('it holds no credential that could be read.', hint));
}

/** What a field holds in base64, or the file that another names. */
function dataOf(user: Fields, data: string, file: string, folder: string): Uint8Array | undefined {
  const written = textOf(user[data], LARGEST);
  return written === undefined ? fileOf(user, file, folder) : Buffer.from(written, 'base64');
}

/** A file that a kubeconfig names, as long as it is an ordinary one: empty where it cannot be read. */
function fileOf(user: Fields, field: string, folder: string): Buffer | undefined {
  const named = textOf(user[field], 4_096);
  if (named === undefined) return undefined;
  try {
    const path = resolve(folder, named);
    const { size } = statSync(path);
    return statSync(path).isFile() && size <= LARGEST ? readFileSync(path) : Buffer.alloc(0);
  } catch {
    return Buffer.alloc(0);
  }
}

function textOfFile(path: string): string {
  try {
    const file = statSync(path);
    if (!file.isFile() || file.size > LARGEST) throw noKubeconfig(path);
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw cause instanceof UserError ? cause : noKubeconfig(path, cause);
  }
}

const noKubeconfig = (path: string, cause?: unknown): UserError =>
  new UserError(`${path} cannot be read as a kubeconfig.`, {
    code: 'kubeconfig-unreadable',
    hint: 'Give a file with users, as kubectl writes it; or name the identity: user:NAME.',
    ...(cause === undefined ? {} : { cause }),
  });

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.assign(Object.create(null), value)
    : Object.create(null);

const textOf = (value: unknown, longest = LONGEST_NAME): string | undefined =>
  typeof value === 'string' && value !== '' && value.length <= longest ? value : undefined;

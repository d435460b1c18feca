import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '@breakwater/model';
import { z } from 'zod';

/** What proves who asks: a password, or a token that is exchanged for others (OAuth 2 refresh token). */
export type Credentials = { username: string; password: string } | { identityToken: string };

const LARGEST_FILE = 1024 * 1024;
const HELPER_TIMEOUT_MS = 20_000;
const LARGEST_ANSWER = 64 * 1024;
const HELPER = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
/** What a login is kept for: a repository, or a registry as a whole. */
interface Place {
  registry: string;
  repository?: string | undefined;
}

/** Docker Hub's own key. */
const HUB_KEY = 'https://index.docker.io/v1/';

const Entry = z.object({
  auth: z.string().optional(),
  username: z.string().optional(),
  password: z.string().optional(),
  identitytoken: z.string().optional(),
});
const Config = z.object({
  auths: z.record(z.string(), z.unknown()).optional(),
  credHelpers: z.record(z.string(), z.string()).optional(),
  credsStore: z.string().optional(),
});
const Answer = z.object({ Username: z.string(), Secret: z.string() });

/**
 * Finds what `docker login`, `podman login` or a credential helper kept for a registry, in the places and the order in
 * which those programs look. Undefined where there is nothing: public images need none. Throws a `UserError` for a
 * file or a helper that fails: going on without would end in a message about a missing image.
 */
export async function findCredentials(
  place: Place,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Credentials | undefined> {
  for (const path of configFiles(environment)) {
    const text = await readFile(path, 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    const found = await credentialsOf(parseConfig(text, path), place, environment);
    if (found !== undefined) return found;
  }
  return undefined;
}

function configFiles({ HOME, DOCKER_CONFIG, REGISTRY_AUTH_FILE, XDG_RUNTIME_DIR, XDG_CONFIG_HOME }: NodeJS.ProcessEnv) {
  const home = HOME ?? homedir();
  const named = REGISTRY_AUTH_FILE === undefined ? [] : [REGISTRY_AUTH_FILE];
  const running = XDG_RUNTIME_DIR === undefined ? [] : [join(XDG_RUNTIME_DIR, 'containers/auth.json')];
  return [
    ...named,
    ...running,
    join(XDG_CONFIG_HOME ?? join(home, '.config'), 'containers/auth.json'),
    join(DOCKER_CONFIG ?? join(home, '.docker'), 'config.json'),
  ];
}

function parseConfig(text: string, path: string): z.infer<typeof Config> {
  try {
    if (text.length > LARGEST_FILE) throw new Error(`it is larger than ${LARGEST_FILE} bytes`);
    return Config.parse(JSON.parse(text));
  } catch (cause) {
    throw new UserError(`The credentials in ${path} cannot be read`, {
      code: 'credentials-unreadable',
      hint: 'log in again with docker login or podman login, which write this file',
      cause,
    });
  }
}

async function credentialsOf(
  { auths = {}, credHelpers = {}, credsStore }: z.infer<typeof Config>,
  place: Place,
  environment: NodeJS.ProcessEnv,
): Promise<Credentials | undefined> {
  const keys = keysOf(place);
  const helperKey = keys.find((key) => Object.hasOwn(credHelpers, key));
  const server = place.registry === 'docker.io' ? HUB_KEY : place.registry;
  if (helperKey !== undefined) return askHelper(credHelpers[helperKey]!, server, environment);
  const byKey = new Map(Object.entries(auths).map(([key, entry]) => [normalizeKey(key), entry]));
  for (const key of keys) {
    const entry = Entry.safeParse(byKey.get(normalizeKey(key))).data;
    const found = entry === undefined ? undefined : credentialsIn(entry);
    if (found !== undefined) return found;
  }
  return credsStore === undefined ? undefined : askHelper(credsStore, server, environment);
}

/** From the whole repository over its parents to the host: the longest match counts (containers-auth.json(5)). */
function keysOf({ registry, repository }: Place): string[] {
  const parts = repository?.split('/') ?? [];
  const paths = parts.map((_, index) => `${registry}/${parts.slice(0, parts.length - index).join('/')}`);
  return [...paths, registry, ...(registry === 'docker.io' ? [HUB_KEY, 'index.docker.io'] : [])];
}

/** Old versions of Docker wrote addresses instead of hosts. */
function normalizeKey(key: string): string {
  return key.replace(/^https?:\/\//, '').replace(/\/(?:v[12]\/?)?$/, '');
}

function credentialsIn({ auth, username, password, identitytoken }: z.infer<typeof Entry>): Credentials | undefined {
  if (identitytoken) return { identityToken: identitytoken };
  if (username !== undefined && password !== undefined) return { username, password };
  const plain = auth === undefined ? '' : Buffer.from(auth, 'base64').toString('utf8');
  const colon = plain.indexOf(':');
  if (colon < 1) return undefined;
  return { username: plain.slice(0, colon), password: plain.slice(colon + 1).replace(/\0+$/, '') };
}

/** Asks `docker-credential-NAME get`, without a shell, as Docker does. Nothing kept there is no failure. */
async function askHelper(name: string, server: string, env: NodeJS.ProcessEnv): Promise<Credentials | undefined> {
  const program = `docker-credential-${name}`;
  const failed = (why: string, cause?: unknown): UserError =>
    new UserError(`The credential helper ${program} failed: ${why}`, {
      code: 'credential-helper-failed',
      hint: `try: echo ${server} | ${program} get`,
      cause,
    });
  if (!HELPER.test(name)) throw failed('its name is not allowed');
  const { error, output } = await run(program, server, env);
  if (/credentials not found/i.test(output)) return undefined;
  if (error !== null)
    throw failed(error.killed ? 'it did not answer' : 'it cannot be run or ended with an error', error);
  const answer = Answer.safeParse(parseJson(output)).data;
  if (answer === undefined) throw failed('its answer has a wrong form');
  if (answer.Username === '<token>') return { identityToken: answer.Secret };
  return { username: answer.Username, password: answer.Secret };
}

function run(
  program: string,
  input: string,
  env: NodeJS.ProcessEnv,
): Promise<{ error: { killed?: boolean | undefined } | null; output: string }> {
  return new Promise((resolve) => {
    const options = { env, timeout: HELPER_TIMEOUT_MS, maxBuffer: LARGEST_ANSWER };
    const child = execFile(program, ['get'], options, (error, output) => resolve({ error, output }));
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

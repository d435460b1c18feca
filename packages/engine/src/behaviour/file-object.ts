import { withoutVariableParts } from './variable-parts.ts';

/** Folders whose files come and go: of data there only the folder counts. */
const TEMPORARY = /^\/(?:tmp|var\/tmp|dev\/shm)(?=\/)/;
/** Where each name has its own meaning: the kernel's files, devices, configuration, and what is mounted as a secret. */
const NAMED_FOLDERS = /^\/(?:proc|sys|dev|etc|boot|run\/secrets)\//;
const PROGRAMS = /\/(?:bin|sbin|libexec)\/[^/]+$/;
const LIBRARIES = /\.(?:so(?:\.[\d.*]+)?|node|jar|war|ear|dll|dylib|pyd|ko(?:\.(?:xz|zst|gz))?)$/;
const CONFIGURATION = /\.(?:conf|cnf|cfg|ini|toml|properties|env|pem|key|crt|jks|keystore|p(?:12|\*))$/;
/** Names that matter for themselves wherever they lie: hidden files, keys and tokens. */
const TELLING_NAMES =
  /\/(?:\.[^/]+|id_(?:rsa|dsa|ecdsa|ed25519|\*)(?:\.pub)?|token|credentials|docker\.sock|[^/]*\.sock)$/;
const TELLING_FOLDERS = /\/\.(?:ssh|aws|azure|kube|docker|gnupg|gcloud)\//;
/** Of temporary files those that are not hidden for nothing, or are a way in: keys, what shells read first, and agents. */
const WEIGHTY_NAMES =
  /\/(?:\.(?:ssh|aws|azure|kube|docker|gnupg|gcloud)\/[^/]+|id_(?:rsa|dsa|ecdsa|ed25519|\*)(?:\.pub)?|credentials|authorized_keys2?|release_agent|docker\.sock|\.(?:bash|zsh|k|c|tc)(?:rc|env|_profile|_login|_logout|_history)|\.profile)$/;
/** The end that mkstemp gives a name. */
const CHOSEN = /(?<=^\..+)\.[A-Za-z0-9]{6}$/;
/** The kubelet writes mounted secrets and configuration into a folder named by the time, and changes a link to it. */
const WRITTEN_AT = /\/\.\.(?:data|\d{4}(?:_\d\d){5}\.\d+)(?=\/)/g;
/** Folders over which caches spread their files, by the first digits of a hash. */
const SPREAD = /^[0-9a-f]{1,2}$/;
/** What lies in them: hashes, and the temporary files that become such. */
const HASHED = /^(?:\.?te?mp)?\*$/;
const DEEPEST = 8;
const MOST_KEPT = 4096;

/** Names that were asked for lately, as programs open the same files over and over: of files, of those in the image, of programs. */
const kept = {
  files: new Map<string, string>(),
  inImage: new Map<string, string>(),
  programs: new Map<string, string>(),
};

/**
 * What of a file's path makes it the same file on another host, at another time and in another release: the path of an
 * executable, a library or configuration; of data its folder and `*`. A rotated log is a new inode and a new name, and
 * the same behaviour.
 */
export function fileObject(path: string, inImage?: boolean): string {
  if (inImage === false) return objectOf(plain(path), false);
  return keptOr(inImage ? kept.inImage : kept.files, path, () => objectOf(plain(path), inImage));
}

/** The path of a program. What is in the image is called so by it; elsewhere names may be by chance. */
export function programPath(path: string, inImage?: boolean, fileless?: boolean): string {
  if (inImage === true && fileless !== true) return plain(path);
  return keptOr(kept.programs, `${inImage}${fileless}${path}`, () => {
    const file = plain(fileless ? path.replace(/ \(deleted\)$/, '') : path);
    return inImage === false || fileless || TEMPORARY.test(file) ? patternOf(file) : file;
  });
}

function keptOr(names: Map<string, string>, key: string, find: () => string): string {
  const known = names.get(key);
  if (known !== undefined) return known;
  if (names.size >= MOST_KEPT) names.clear();
  const found = find();
  names.set(key, found);
  return found;
}

function objectOf(path: string, inImage: boolean | undefined): string {
  if (!path.startsWith('/')) return patternOf(path);
  const temporary = TEMPORARY.exec(path);
  if (temporary !== null) return `${temporary[0]}/${temporaryName(path.slice(temporary[0].length + 1))}`;
  const isProgram = PROGRAMS.test(path) || LIBRARIES.test(path);
  if (isProgram && inImage !== false) return path;
  if (isProgram || isNamed(path)) return patternOf(path);
  return `${folderOf(path)}/*`;
}

/** Of what lies in a folder for temporary files only that has a name which is hidden in it, or telling anywhere below. */
function temporaryName(path: string): string {
  const names = path.split('/').map(withoutVariableParts);
  const [last, folder] = [names.at(-1)!, names.at(-2)];
  if (WEIGHTY_NAMES.test(`/${path}`)) {
    const isIn = folder !== undefined && TELLING_FOLDERS.test(`/${folder}/`);
    const named = isIn ? `${folder}/${last}` : last;
    return names.length > (isIn ? 2 : 1) ? `*/${named}` : named;
  }
  if (!/^\.[^.]/.test(path)) return '*';
  const hidden = names[0]!.replace(CHOSEN, '.*');
  return names.length > 1 ? `${hidden}/*` : hidden;
}

const isNamed = (path: string): boolean =>
  NAMED_FOLDERS.test(path) || CONFIGURATION.test(path) || TELLING_NAMES.test(path) || TELLING_FOLDERS.test(path);

const patternOf = (path: string): string => path.split('/').map(withoutVariableParts).join('/');

/** `db` is a name, unless what lies in it is called by a hash: `ab` of `ab/3f/2c9d...`. */
function folderOf(path: string): string {
  const names = path.split('/').slice(0, DEEPEST + 2);
  let isHashed = false;
  for (let at = names.length - 1; at > 0; at--) {
    const name = names[at]!;
    const isSpread = SPREAD.test(name) && (isHashed || /\d/.test(name));
    names[at] = isSpread ? '*' : withoutVariableParts(name);
    isHashed = name !== names[at] && HASHED.test(names[at]!);
  }
  return names.slice(0, -1).join('/');
}

/** As the kernel would name it: without empty steps and `..`, and without the link that most systems have at /var/run. */
function plain(path: string): string {
  const stepped = /\/\.{0,2}(?:\/|$)/.test(path) && path.startsWith('/') ? withoutSteps(path) : path;
  const written = stepped.includes('/..') ? stepped.replace(WRITTEN_AT, '') : stepped;
  return written.startsWith('/var/run/') ? written.slice('/var'.length) : written;
}

function withoutSteps(path: string): string {
  const names: string[] = [];
  for (const name of path.split('/')) {
    if (name === '..') names.pop();
    else if (name !== '' && name !== '.') names.push(name);
  }
  return `/${names.join('/')}`;
}

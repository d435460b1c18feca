/** Files that hold credentials: of these names, or any, in a folder of these names or up to two below it. */
interface SecretGroup {
  files: readonly string[];
  folders: readonly string[];
}

const ANY = '';

/** A bit each in the kernel: 32 at most. Names have up to 31 bytes. */
const GROUPS: readonly SecretGroup[] = [
  // The token with which a pod speaks to its API server.
  { files: ['token'], folders: ['serviceaccount'] },
  { files: ['shadow', 'gshadow', 'shadow-', 'gshadow-'], folders: ['etc'] },
  { files: [ANY], folders: ['.ssh', '.aws', '.azure', '.gnupg', '.kube', 'gcloud', '.docker'] },
  { files: ['ssh_host_rsa_key', 'ssh_host_ecdsa_key', 'ssh_host_ed25519_key'], folders: ['ssh'] },
  { files: ['.git-credentials', '.netrc', '.pgpass', '.my.cnf', '.npmrc', '.pypirc'], folders: ['root', 'home'] },
];

const SIZE = 32;

/** What the map `secret_names` holds: a name, and the groups in which it is a file or a folder. */
export function secretNames(): { key: Buffer; value: Buffer }[] {
  const groups = new Map<string, { files: number; folders: number }>();
  const of = (name: string): { files: number; folders: number } => {
    const found = groups.get(name) ?? { files: 0, folders: 0 };
    groups.set(name, found);
    return found;
  };
  for (const [bit, { files, folders }] of GROUPS.entries()) {
    for (const name of files) of(name).files |= 1 << bit;
    for (const name of folders) of(name).folders |= 1 << bit;
  }
  return [...groups].map(([name, { files, folders }]) => {
    const key = Buffer.alloc(SIZE);
    key.write(name, 'utf8');
    const value = Buffer.alloc(8);
    value.writeUInt32LE(files, 0);
    value.writeUInt32LE(folders, 4);
    return { key, value };
  });
}

import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';

/** What the system says of who runs this command. */
export interface Signs {
  /** `/proc/self/loginuid`: set at sign-in and kept through sudo and su; 4294967295 where nobody signed in. */
  login?: string | undefined;
  /** `/etc/passwd`. */
  accounts: string;
  /** Effective user, and its name. */
  user: { uid: number; name: string };
  /** `SUDO_USER` of the environment. */
  sudoUser?: string | undefined;
}

const NOBODY = 0xffff_ffff;

/**
 * Who signed in, also behind sudo and su. The environment is believed only where root runs this and the kernel knows of
 * nobody: everybody else may set it to any name, and so agree to what they asked for themselves.
 */
export function whoActs({ login, accounts, user, sudoUser }: Signs): string {
  const uid = /^\d+$/.test(login?.trim() ?? '') ? Number(login) : NOBODY;
  if (uid !== NOBODY) return nameOf(uid, accounts) ?? (uid === user.uid ? user.name : `uid ${uid}`);
  return user.uid === 0 && sudoUser ? sudoUser : user.name;
}

/** Reads the signs of this process. */
export function readSigns(): Signs {
  const { uid, username } = userInfo();
  return {
    login: textOf('/proc/self/loginuid'),
    accounts: textOf('/etc/passwd') ?? '',
    user: { uid, name: username },
    sudoUser: process.env['SUDO_USER'],
  };
}

const nameOf = (uid: number, accounts: string): string | undefined =>
  accounts
    .split('\n')
    .map((line) => line.split(':'))
    .find((fields) => fields[2] === String(uid))?.[0];

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

import { describe, expect, it } from 'vitest';
import { type Signs, whoActs } from './who-acts.ts';

const ACCOUNTS =
  'root:x:0:0::/root:/bin/sh\nalice:x:1000:1000::/home/alice:/bin/sh\nbob:x:1001:1001::/home/bob:/bin/sh\n';
const ROOT = { uid: 0, name: 'root' };
const ALICE = { uid: 1000, name: 'alice' };

describe('who acts', () => {
  it.each<[string, Omit<Signs, 'accounts'>, string]>([
    ['whoever signed in, behind sudo', { login: '1000\n', user: ROOT, sudoUser: 'alice' }, 'alice'],
    ['whoever signed in, whatever the environment says', { login: '1000', user: ROOT, sudoUser: 'bob' }, 'alice'],
    ['whoever signed in, as another by su', { login: '1000', user: { uid: 1001, name: 'bob' } }, 'alice'],
    ['a number, where the account is kept elsewhere', { login: '70001', user: ROOT }, 'uid 70001'],
    [
      'the caller of sudo, where the kernel knows of nobody',
      { login: '4294967295', user: ROOT, sudoUser: 'bob' },
      'bob',
    ],
    ['the user itself, who may write any name into the environment', { user: ALICE, sudoUser: 'bob' }, 'alice'],
    ['root, where nothing else is known', { user: ROOT }, 'root'],
  ])('is %s', (_, signs, who) => {
    expect(whoActs({ accounts: ACCOUNTS, ...signs })).toBe(who);
  });
});

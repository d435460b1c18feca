import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IngestStore, SensorKey } from './kept/index.ts';

/** `bws_`, the id, and 256 bits from the operating system: told apart from every other secret, by scanners too. */
const TEXT = /^bws_([0-9a-f]{16})_([A-Za-z0-9_-]{43})$/;
/** Milliseconds for which keys are remembered: so long does one that was revoked open the door at most. */
const REMEMBERED = 5_000;
/** What the secret of an unknown key is compared with, so that it takes as long as that of a known one. */
const NOBODY = 'f'.repeat(64);

/** Makes a key, of a cluster or of none: its text, which is told once, and what is kept of it. `now` is ISO 8601. */
export function issueSensorKey(name: string, now: string, cluster?: string): { text: string; key: SensorKey } {
  const id = randomBytes(8).toString('hex');
  const secret = randomBytes(32).toString('base64url');
  const key = {
    id,
    name,
    hash: hashOf(secret),
    createdAt: now,
    revokedAt: '',
    ...(cluster !== undefined && { cluster }),
  };
  return { text: `bws_${id}_${secret}`, key };
}

/** The secret is random and long: a plain hash says nothing of it, and guessing it is hopeless. */
const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** Who may send events. */
export interface KeyRing {
  /** The key of this text; what is wrong with it otherwise. */
  verify(text: string): Promise<SensorKey | 'unknown' | 'revoked'>;
}

/** Keys of a store, read again every five seconds at most, however often somebody guesses. `now` gives milliseconds. */
export function openKeyRing(store: Pick<IngestStore, 'keys'>, now: () => number): KeyRing {
  let known: Promise<Map<string, SensorKey>> | undefined;
  let readAt = 0;
  const keys = (): Promise<Map<string, SensorKey>> => {
    if (known === undefined || now() - readAt >= REMEMBERED) {
      readAt = now();
      known = store.keys().then((list) => new Map(list.map((key) => [key.id, key])));
      // A store that was away is asked again by the next who comes.
      known.catch(() => {
        known = undefined;
      });
    }
    return known;
  };
  return {
    async verify(text) {
      const [, id = '', secret = ''] = TEXT.exec(text) ?? [];
      const key = (await keys()).get(id);
      const isRight = timingSafeEqual(Buffer.from(hashOf(secret), 'hex'), Buffer.from(key?.hash ?? NOBODY, 'hex'));
      if (key === undefined || !isRight) return 'unknown';
      return key.revokedAt === '' ? key : 'revoked';
    },
  };
}

import { digest } from '../network/index.ts';

/**
 * Four characters that tell whether two places hold the same secret. Twenty bits on purpose: far too few to confirm a
 * guess of the secret by them.
 */
export function fingerprintOf(secret: string): string {
  return digest(`secret:${secret}`).padStart(4, '0').slice(-4);
}

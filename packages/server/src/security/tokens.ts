import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 bits from the operating system, URL-safe. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Whether two secrets are equal, in a time that tells nothing about where they differ or how long they are. */
export function equalSecrets(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

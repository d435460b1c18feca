import { checkInput } from './check-input.ts';
import type { FuzzTarget, Seed } from './target.ts';

const PATIENCE_MS = 20_000;

/** A smaller input that breaks a promise in the same way: pieces are left out as long as it still does. */
export async function minimize(target: FuzzTarget, input: Seed, broken: string): Promise<Seed> {
  const kind = kindOf(broken);
  const end = performance.now() + PATIENCE_MS;
  let bytes = Buffer.from(input.bytes);
  for (let piece = Math.ceil(bytes.length / 2); piece >= 1; piece = Math.floor(piece / 2)) {
    for (let start = 0; start < bytes.length && performance.now() < end; ) {
      const shorter = Buffer.concat([bytes.subarray(0, start), bytes.subarray(start + piece)]);
      const answer = await checkInput(target, { label: input.label, bytes: shorter });
      if (answer !== undefined && kindOf(answer) === kind) bytes = shorter;
      else start += piece;
    }
  }
  return { label: input.label, bytes };
}

/** Its first line without numbers: another size is the same fault. */
function kindOf(broken: string): string {
  return broken.split('\n', 1)[0]!.replace(/\d+/g, 'N').slice(0, 60);
}

import type { KernelRecord } from '../kernel/record.ts';
import { formatAddress, readNameAnswer, readNameStream } from './name-answers.ts';

const MOST_NAMES = 10_000;
const TCP = 6n;

/** Tells which name servers a container was given; undefined where that is not known. */
export type ResolversOf = (cgroup: number) => ReadonlySet<string> | undefined;

/**
 * What addresses are called, for each container by the answers that it got. Only answers of name servers that it was
 * given count: whoever runs one of his own could have it call his address by a name that is trusted.
 */
export class PeerNames {
  readonly #names = new Map<string, string>();
  readonly #resolversOf: ResolversOf;

  constructor(resolversOf: ResolversOf) {
    this.#resolversOf = resolversOf;
  }

  get(cgroup: number, address: string): string | undefined {
    return this.#names.get(`${cgroup} ${address}`);
  }

  /** Takes note of an answer: its text, and the address that it came from. */
  learn({ cgroup, texts, values }: KernelRecord): void {
    if (this.#resolversOf(cgroup)?.has(formatAddress(texts[1])) !== true) return;
    for (const { name, address } of values[0] === TCP ? readNameStream(texts[0]) : readNameAnswer(texts[0])) {
      const key = `${cgroup} ${address}`;
      this.#names.delete(key);
      this.#names.set(key, name);
      const [oldest] = this.#names.keys();
      if (this.#names.size > MOST_NAMES && oldest !== undefined) this.#names.delete(oldest);
    }
  }
}

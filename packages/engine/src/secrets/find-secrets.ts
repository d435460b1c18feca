import { assignmentsIn } from './assignments.ts';
import { blocksIn } from './blocks.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { Found } from './found.ts';
import { judgeSetting, maySetSecret } from './judge-setting.ts';
import { keyFileOf } from './key-files.ts';
import { kubernetesSecretsIn } from './kubernetes-secrets.ts';
import { LineNumbers } from './line-numbers.ts';
import { tokensIn } from './tokens.ts';

/** A secret in a text: what it is and where it stands, never what it says. */
export interface SecretFinding {
  /** `github-token`, `private-key`, `password`, `generic-secret`. */
  rule: string;
  /** One-based. */
  startLine: number;
  endLine: number;
  /** Offsets of the secret in the text. */
  start: number;
  end: number;
  /** Equal where the secret is equal. */
  fingerprint: string;
  /** What it is set to, where it stands behind a name. */
  name?: string;
}

/** Files in which every name with a value is a setting. */
const variables = /(?:^|\/|\.)(?:env|tfvars|tf)$|(?:^|\/)\.env\.[\w-]+$/;

/** Findings of one text that are kept; a text with more is a list of secrets anyway. */
const MOST = 1000;

/**
 * Secrets in a text, in the order in which they stand. Time is linear in its length: every rule is tried only where its
 * anchor stands, and looks a bounded part ahead. A secret that several rules find is found once, by the most telling.
 */
export function findSecrets(text: string, { path }: { path?: string } = {}): SecretFinding[] {
  const file = path === undefined ? undefined : keyFileOf(path);
  if (file !== undefined)
    return [{ rule: file, startLine: 1, endLine: 1, start: 0, end: 0, fingerprint: fingerprintOf(text) }];
  const found: Found[] = [];
  const taken = new Spans();
  const add = (one: Found) => {
    if (found.length < MOST && taken.take(one.start, one.end)) found.push(one);
  };
  for (const one of blocksIn(text, path)) add(one);
  for (const one of tokensIn(text)) add(one);
  for (const one of kubernetesSecretsIn(text)) add(one);
  const declared = path !== undefined && variables.test(path);
  for (const { name, value, start } of assignmentsIn(text, maySetSecret)) {
    const judged = judgeSetting(name, value, declared);
    if (judged !== undefined) add({ rule: judged.rule, start, end: start + value.length, name: lastWord(name) });
  }
  const lines = new LineNumbers(text);
  return found
    .sort((a, b) => a.start - b.start)
    .map(({ rule, start, end, name }) => ({
      rule,
      startLine: lines.at(start),
      endLine: lines.at(Math.max(start, end - 1)),
      start,
      end,
      fingerprint: fingerprintOf(text.slice(start, end)),
      ...(name === undefined ? {} : { name }),
    }));
}

function lastWord(name: string): string {
  return name.split(/\s+/).at(-1) ?? name;
}

/** Parts of a text that are taken: what overlaps one is no finding of its own. */
class Spans {
  readonly #taken: { start: number; end: number }[] = [];

  take(start: number, end: number): boolean {
    let low = 0;
    let high = this.#taken.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#taken[middle]!.end <= start) low = middle + 1;
      else high = middle;
    }
    const next = this.#taken[low];
    if (next !== undefined && next.start < end) return false;
    this.#taken.splice(low, 0, { start, end });
    return true;
  }
}

import type { Found } from './found.ts';

const kind = /^\s*["']?kind["']?\s*:\s*["']?secret["']?\s*,?\s*$/i;
const data = /^(\s*)["']?data["']?\s*:\s*(?:\{\s*)?$/;
const entry = /^(\s*)["']?([\w.-]{1,253})["']?\s*:\s*(?:"([^"]*)"|'([^']*)'|([^\s#]*))\s*,?\s*(?:#.*)?$/;
const encoded = /^[A-Za-z0-9+/]{8,}={0,3}$/;

/** Values below `data` of Secrets that are written out in a text, where no parser has told what is what. */
export function* kubernetesSecretsIn(text: string): Generator<Found> {
  if (!/kind/i.test(text) || !/secret/i.test(text)) return;
  let offset = 0;
  for (const document of text.split(/^(?=---)/m)) {
    yield* valuesOf(document, offset);
    offset += document.length;
  }
}

function* valuesOf(document: string, offset: number): Generator<Found> {
  const lines = document.split('\n');
  if (!lines.some((line) => kind.test(line))) return;
  let below: number | undefined;
  let folded = false;
  let start = offset;
  for (const line of lines) {
    const opens = data.exec(line);
    const deep = line.search(/\S/);
    if (opens !== null) below = opens[1]!.length;
    else if (below !== undefined && deep !== -1) {
      if (deep <= below) below = undefined;
      else {
        const value: string = folded ? line.trim() : writtenValue(line);
        if (encoded.test(value)) {
          const at = start + line.indexOf(value);
          yield { rule: 'kubernetes-secret', start: at, end: at + value.length };
        }
        folded = value === '>' || value === '|' || value === '>-' || value === '|-';
      }
    }
    start += line.length + 1;
  }
}

function writtenValue(line: string): string {
  const found = entry.exec(line.replace(/\r$/, ''));
  return found === null ? '' : (found[3] ?? found[4] ?? found[5] ?? '');
}

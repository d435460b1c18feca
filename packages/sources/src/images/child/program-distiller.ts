import { createHash } from 'node:crypto';
import type { ReleaseFile } from '@breakwater/model';
import type { Distiller, DistillerStream, FileHead } from '../../ecosystems/ecosystem.ts';

/** Under which name the facts of programs are kept. */
export const PROGRAMS = 'programs';

/** What is known of a program, before it is known whose it is. */
export type ProgramFacts = Pick<ReleaseFile, 'kind' | 'interpreter'> & { digest: string };

const ELF = 0x7f454c46;
const LIBRARY = /\.so(?:\.[\d.]+)?$|\.(?:node|jar|war|ear|dll|wasm|pyd)$/;
/** Programs of languages without a sign of their own. */
const SCRIPT = /\.(?:c?js|mjs|py|rb|php|pl|lua|sh|exs?)$/;
/** Where packages put theirs: those are known by their packages. */
const PACKAGED =
  /(?:^|\/)(?:node_modules|site-packages|dist-packages|vendor|gems)\/|^usr\/(?!local\/|src\/)|^(?:lib|proc|sys)\//;
/** What runs while packages are put in, not after. */
const OF_THE_INSTALLER = /^(?:var\/lib\/dpkg\/info|lib\/apk\/db)\//;
const LONGEST_INTERPRETER = 128;

/**
 * Digests programs, libraries and scripts while they pass: an executable is told by its first bytes, so that a name does
 * not hide one. Scripts of packages are left to their packages, of which a Python alone has thousands.
 */
export const programDistiller = { name: PROGRAMS, distil };

function distil(head: FileHead): Distiller | undefined {
  const what = kindOf(head);
  if (what === undefined) return undefined;
  return {
    largest: 0,
    whole: (content) => Buffer.from(JSON.stringify(programFacts(head.path, content))),
    stream: () => new Digester(what),
  };
}

/** Facts of a file whose content is there; undefined for what is no program. */
export function programFacts(path: string, content: Buffer): ProgramFacts | undefined {
  const what = kindOf({ path, size: content.length, bytes: content.subarray(0, LONGEST_INTERPRETER) });
  return what && { ...what, digest: `sha256:${createHash('sha256').update(content).digest('hex')}` };
}

function kindOf({ path, bytes }: FileHead): Omit<ProgramFacts, 'digest'> | undefined {
  if (bytes.length >= 4 && bytes.readUInt32BE(0) === ELF) {
    return { kind: LIBRARY.test(path) ? 'library' : 'executable' };
  }
  if (LIBRARY.test(path)) return { kind: 'library' };
  if (OF_THE_INSTALLER.test(path)) return undefined;
  const isMarked = bytes[0] === 0x23 && bytes[1] === 0x21;
  if (isMarked) return { kind: 'script', interpreter: interpreterOf(bytes) };
  return SCRIPT.test(path) && !PACKAGED.test(path) ? { kind: 'script' } : undefined;
}

/** `/usr/bin/env node` of `#!/usr/bin/env node`: as far as the first bytes tell. */
function interpreterOf(bytes: Buffer): string {
  const line = bytes.subarray(2, LONGEST_INTERPRETER).toString('latin1').split('\n', 1)[0] ?? '';
  return line.replace(/[^\x20-\x7e]/g, ' ').trim();
}

class Digester implements DistillerStream {
  readonly #what: Omit<ProgramFacts, 'digest'>;
  readonly #hash = createHash('sha256');

  constructor(what: Omit<ProgramFacts, 'digest'>) {
    this.#what = what;
  }

  write(bytes: Buffer): void {
    this.#hash.update(bytes);
  }

  end(): Buffer {
    return Buffer.from(JSON.stringify({ ...this.#what, digest: `sha256:${this.#hash.digest('hex')}` }));
  }
}

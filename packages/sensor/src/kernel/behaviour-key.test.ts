import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Behaviour } from '@breakwater/model';
import { describe, expect, it } from 'vitest';

const HEADERS = fileURLToPath(new URL('../../bpf/', import.meta.url));
const GOLDEN: readonly { behaviour: Behaviour; key: string }[] = JSON.parse(
  readFileSync(new URL('../../../engine/src/behaviour/golden-keys.json', import.meta.url), 'utf8'),
);
const COMPILER = ['cc', 'clang-14', 'clang', 'gcc'].find((name) => spawnSync(name, ['--version']).status === 0);
const LEFT_OUT = process.platform !== 'linux' ? 'no Linux' : COMPILER === undefined ? 'no C compiler' : '';

/** Reads fields from standard input, each after its length, a line of `;` after each behaviour; prints keys. */
const PROGRAM = `
#include <linux/types.h>
#include <stdio.h>
#include <string.h>
#include "behaviour-key.h"

static char text[65536 + 8];

int main(void)
{
	unsigned behaviours, length;
	for (scanf("%u;", &behaviours); behaviours > 0; behaviours--) {
		struct hash hash;
		hash_begin(&hash, BEHAVIOUR_KEY_LOW, BEHAVIOUR_KEY_HIGH);
		for (int field = 0; field < 7; field++) {
			if (scanf("%u", &length) != 1 || length > 65536 || getchar() != ':')
				return 1;
			if (fread(text, 1, length, stdin) != length)
				return 1;
			hash_word(&hash, length);
			for (unsigned at = 0; at < length; at += 8) {
				__u64 word;
				memcpy(&word, text + at, 8);
				hash_word(&hash, hash_part(word, length - at));
			}
		}
		printf("%016llx\\n", hash_end(&hash));
	}
	return 0;
}
`;

const fieldsOf = ({ dimension, parent, actor, access, object, inImage, applet }: Behaviour): string[] => [
  dimension,
  parent,
  actor,
  access ?? '',
  object,
  inImage === undefined ? '' : inImage ? 'image' : 'foreign',
  applet ?? '',
];

describe.skipIf(LEFT_OUT !== '')(
  `the key of a behaviour in the kernel's C${LEFT_OUT && ` (left out: ${LEFT_OUT})`}`,
  () => {
    it('is the golden one, as in TypeScript', () => {
      const folder = mkdtempSync(join(tmpdir(), 'behaviour-key-'));
      try {
        writeFileSync(join(folder, 'key.c'), PROGRAM);
        const program = join(folder, 'key');
        execFileSync(COMPILER ?? '', ['-O1', '-Wall', `-I${HEADERS}`, '-o', program, join(folder, 'key.c')]);
        const texts = GOLDEN.flatMap(({ behaviour }) => fieldsOf(behaviour));
        const input = texts.map((text) => `${Buffer.byteLength(text)}:${text}`).join('');
        const output = execFileSync(program, { input: `${GOLDEN.length};${input}`, encoding: 'utf8' });
        expect(output.trim().split('\n')).toEqual(GOLDEN.map(({ key }) => key));
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
  },
);

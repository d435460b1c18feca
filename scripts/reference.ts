// Writes docs/reference: the JSON Schemas of what commands print, and the OpenAPI document. A test holds them up to date.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { referenceFiles } from '../tests/architecture/reference-files.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
for (const [path, text] of referenceFiles()) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

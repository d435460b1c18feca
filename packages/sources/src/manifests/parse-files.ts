import type { Dockerfile } from '@breakwater/model';
import { unframeFiles } from './file-stream.ts';
import type { FileRead } from './manifest-read.ts';
import { parseDockerfile } from './parse-dockerfile.ts';
import { readManifestText } from './read-manifest-text.ts';

/** What is told of each file as soon as it is read. */
export interface ParsedFile {
  index: number;
  read?: FileRead;
  dockerfile?: Dockerfile;
  /** Text of a file of variables. */
  variables?: string;
}

const MAX_VARIABLES = 1024 * 1024;

/** Task behind the wall: parses the framed files of the first descriptor and emits one `ParsedFile` each, in order. */
export function parseFiles(_input: null, { files, emit }: { files: number[]; emit(item: ParsedFile): void }): null {
  for (const { header, text } of unframeFiles(files[0]!)) {
    const { index, source, type, inChart } = header;
    if (type === 'dockerfile') emit({ index, dockerfile: parseDockerfile(text, source) });
    else if (type === 'variables') emit({ index, variables: text.slice(0, MAX_VARIABLES) });
    else emit({ index, read: readManifestText({ source, text, inChart }) });
  }
  return null;
}

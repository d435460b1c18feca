import type { Dockerfile } from '@breakwater/model';
import type { WallContext } from '@breakwater/sources/wall';
import { type FileHeader, unframeFiles } from './file-stream.ts';
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

type Sending = Pick<WallContext, 'files' | 'emitLater' | 'flush'>;

const MAX_VARIABLES = 1024 * 1024;

/**
 * Task behind the wall: parses the framed files of the first descriptor and emits one `ParsedFile` each, in order. What is
 * read line by line breaks no parser, and is sent together; before anything else is tried, all that was read is sent.
 */
export function parseFiles(_input: null, { files, emitLater, flush }: Sending): null {
  for (const { header, text } of unframeFiles(files[0]!)) emitLater(parseFile(header, text, flush));
  return null;
}

function parseFile({ index, source, type, inChart }: FileHeader, text: string, flush: () => void): ParsedFile {
  if (type === 'variables') return { index, variables: text.slice(0, MAX_VARIABLES) };
  if (type === 'manifest') return { index, read: readManifestText({ source, text, inChart, beforeParsing: flush }) };
  flush();
  return { index, dockerfile: parseDockerfile(text, source) };
}

import { readFileSync } from 'node:fs';
import type { ReportRead } from '@breakwater/model';
import type { WallContext } from '@breakwater/sources/wall';
import { decodeText } from '../ecosystems/read-text.ts';
import { parseReport } from './parse-report.ts';

/** The part of `readReport` that touches foreign data: runs in the child, which has the file open and nothing else. */
export async function readBehindWall(source: string, { files }: WallContext): Promise<ReportRead> {
  return await parseReport(decodeText(readFileSync(files[0]!)), source);
}

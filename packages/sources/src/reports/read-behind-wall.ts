import type { ReportRead } from '@breakwater/model';
import type { WallContext } from '@breakwater/sources/wall';
import { decodeText } from '../ecosystems/read-text.ts';
import { readFromStart } from '../wall/read-from-start.ts';
import { parseReport } from './parse-report.ts';

/** The part of `readReport` that touches foreign data: runs in the child, which has the file open and nothing else. */
export async function readBehindWall(source: string, { files }: WallContext): Promise<ReportRead> {
  return await parseReport(decodeText(readFromStart(files[0]!)), source);
}

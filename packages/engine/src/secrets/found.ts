/** A secret before its lines are counted. */
export interface Found {
  rule: string;
  start: number;
  end: number;
  name?: string;
}

/** What a benchmark found: printed as a table and written as JSON. */
export interface BenchResult {
  name: string;
  /** What it ran on, with sizes. */
  inputs: string[];
  rows: { what: string; value: number; unit: string; budget?: string; peer?: string }[];
}

/** What a benchmark measured. */
export interface BenchResult {
  name: string;
  /** What it worked on, with sizes: "58,394 advisories, 126,566 rows". */
  inputs: string[];
  rows: BenchRow[];
}

/** One figure, beside what was planned and what others take. */
export interface BenchRow {
  what: string;
  value: number;
  unit: string;
  budget?: string;
  peer?: string;
}

/** How benchmarks are run; those that make no use of an option pass it over. */
export interface BenchOptions {
  /** Shell command of another program that does the same work, with `{}` for the input: it runs in turn with ours. */
  beside?: string;
  /** How often each command is run. */
  runs: number;
}

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

/** What is judged by, beside what is judged. */
export interface Judging {
  /** Files and folders of policies and exceptions to put in force beside ours. */
  policies: string[];
  /** Packs of policies asked for. */
  packs: string[];
  /** `1.29`, `latest`: which revision of policies holds; the newest when absent. */
  kubernetesVersion?: string | undefined;
  /** VEX documents in force: files and folders. */
  vex: string[];
  /** Reports of other tools to show beside. */
  reports: string[];
  /** Files of values with which Helm charts are rendered, beside their own. */
  values?: string[] | undefined;
}

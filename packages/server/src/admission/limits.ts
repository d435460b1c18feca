/** What one admission listener takes on at once. Beyond that it answers by the choice of whoever runs it. */
export interface AdmissionLimits {
  /** Bytes of one review: an API server takes objects of 3 MiB, and an update carries two. */
  body: number;
  /** Reviews that are read or judged at once. */
  pending: number;
  /** Their bytes together. */
  pendingBytes: number;
  /** Milliseconds from the first byte to the answer. */
  deadline: number;
  connections: number;
  /** Milliseconds by which the loop may be late before small reviews are turned away too. */
  lag: number;
}

export const DEFAULT_LIMITS: AdmissionLimits = {
  body: 8 * 1024 * 1024,
  pending: 1_024,
  pendingBytes: 96 * 1024 * 1024,
  deadline: 2_500,
  connections: 2_048,
  lag: 1_500,
};

/** What is not known and why; becomes an `Unknown` once its place is. */
export interface Fault {
  code: string;
  message: string;
  /** Path inside the archive or the image. */
  path?: string;
  hint?: string;
}

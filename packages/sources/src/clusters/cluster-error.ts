import { UpstreamError } from '@breakwater/model';

/** An answer of an API server that is no success. `status` is the HTTP status; 0 where none came. */
export class ClusterError extends UpstreamError {
  readonly status: number;

  constructor(
    message: string,
    { status, hint, cause, retryAfter }: { status: number; hint?: string; cause?: unknown; retryAfter?: number },
  ) {
    super(message, { code: codeOf(status), ...(hint ? { hint } : {}), cause, retryAfter });
    this.status = status;
  }
}

function codeOf(status: number): string {
  if (status === 401) return 'cluster-sign-in-refused';
  if (status === 403) return 'cluster-permission-missing';
  return status === 0 ? 'cluster-unreachable' : 'cluster-failed';
}

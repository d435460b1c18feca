import { equalSecrets, newToken } from './tokens.ts';

const SESSION_HOURS = 12;
const SIGN_IN_MINUTES = 15;
const MAX_SESSIONS = 100;

/** Who may use the API: the holder of the server's token (commands on this machine) or a browser that came by a one-time link. */
export interface Sessions {
  /** A code for `/sign-in?code=`: good once, for 15 minutes. */
  issueSignInCode(): string;
  /** Trades a code for a session's secret; undefined when the code is unknown, used or too old. */
  redeem(code: string): string | undefined;
  isSession(secret: string): boolean;
  isToken(token: string): boolean;
  end(secret: string): void;
}

/** Keeps sessions in memory: a restart ends them, and the terminal prints a new link. `now` gives milliseconds. */
export function openSessions(token: string, now: () => number): Sessions {
  const codes = new Map<string, number>();
  const sessions = new Map<string, number>();
  const find = (entries: Map<string, number>, secret: string) =>
    [...entries].find(([known, expires]) => equalSecrets(known, secret) && expires > now())?.[0];
  return {
    issueSignInCode() {
      const code = newToken();
      codes.set(code, now() + SIGN_IN_MINUTES * 60_000);
      return code;
    },
    redeem(code) {
      const known = find(codes, code);
      if (known === undefined) return undefined;
      codes.delete(known);
      for (const [old, expires] of sessions)
        if (expires <= now() || sessions.size >= MAX_SESSIONS) sessions.delete(old);
      const secret = newToken();
      sessions.set(secret, now() + SESSION_HOURS * 3_600_000);
      return secret;
    },
    isSession: (secret) => find(sessions, secret) !== undefined,
    isToken: (candidate) => equalSecrets(candidate, token),
    end: (secret) => void sessions.delete(find(sessions, secret) ?? ''),
  };
}

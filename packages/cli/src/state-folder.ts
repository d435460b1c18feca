import { homedir } from 'node:os';
import { join } from 'node:path';

/** The folder that holds all state: `--state`, `BREAKWATER_STATE`, or `breakwater` in the XDG state folder. What is set but empty counts as unset. */
export function stateFolder(option?: string): string {
  const { BREAKWATER_STATE, XDG_STATE_HOME } = process.env;
  return option || BREAKWATER_STATE || join(XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'breakwater');
}

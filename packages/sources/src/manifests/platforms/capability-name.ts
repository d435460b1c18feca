/** `cap_sys_admin` and `SYS_ADMIN` are `SYS_ADMIN`. */
export function capabilityNameOf(text: string): string {
  return text.trim().toUpperCase().replace(/^CAP_/, '');
}

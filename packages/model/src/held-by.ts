const MARK = 'held by ';

/** Names a person among those that hold a behaviour back, where else the id of an incident stands. */
export const heldByPerson = (owner: string, reason: string): string => `${MARK}${owner}: ${reason}`;

/** Whether a person holds a behaviour back, and not an incident. */
export const isHeldByPerson = (holder: string): boolean => holder.startsWith(MARK);

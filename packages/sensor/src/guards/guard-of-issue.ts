import type { IssuedGuards } from '@breakwater/engine/compile/issue';
import { GuardName } from '@breakwater/model';
import type { Guard, GuardStep } from '../kernel/index.ts';
import { permitsOfProfile } from './permits-of-profile.ts';

/** A guard as it was issued from a learned profile, and what it is worth in words. */
export interface IssuedGuard {
  guard: Guard;
  /** Why guards that were asked to block only tell, and what is let more widely than it was learned. */
  notes: string[];
}

/** Joins what was issued with what was asked for: the weaker of the two steps, and what either lets. */
export function guardOfIssue(issued: IssuedGuards, asked: Guard): IssuedGuard {
  const { permits, allowed } = permitsOfProfile(issued.profile);
  const steps: Partial<Record<GuardName, GuardStep>> = {};
  for (const name of GuardName.options) {
    const step = asked[name];
    if (step !== undefined) steps[name] = step === 'block' ? (issued.steps[name] ?? 'audit') : step;
  }
  const held = GuardName.options.filter((name) => asked[name] === 'block' && steps[name] === 'audit');
  const notes =
    held.length === 0 ? [] : issued.watched.map(({ dimension, note }) => `${dimension} is only told: ${note}`);
  return {
    guard: {
      ...steps,
      allowed: [...(asked.allowed ?? []), ...allowed],
      permits: [...(asked.permits ?? []), ...permits],
    },
    notes: [...notes, ...issued.gaps.map(({ message }) => message)],
  };
}

import { z } from 'zod';
import { Place } from './place.ts';

/** What a box of the map stands for. */
export const MapBoxKind = z.enum(['origin', 'workloads', 'asset', 'identity', 'node', 'outside']);
export type MapBoxKind = z.infer<typeof MapBoxKind>;

/**
 * A box of the map: workloads of one namespace that the network treats alike, where attacks begin, or what attackers
 * are after. A group stands before its members.
 */
export const MapBox = z.object({
  /** Short, and stable while nothing changes what the group is. */
  id: z.string(),
  kind: MapBoxKind,
  label: z.string(),
  /** Empty for what belongs to no namespace. */
  cluster: z.string(),
  namespace: z.string(),
  /** Steps from where attacks begin, by what is allowed: 0 there, 1 what it touches first; absent where no step leads. */
  distance: z.number().int().nonnegative().optional(),
  /** The same on the likeliest ways of attackers alone; absent for what is on none. */
  attackDistance: z.number().int().nonnegative().optional(),
  /** Greatest loss among its workloads, or the value of an asset: points. */
  points: z.number(),
  /** Riskiest first. */
  workloads: z.array(z.object({ id: z.string(), kind: z.string(), name: z.string(), loss: z.number() })),
  /** What closes it or leaves it open to others, in words. */
  notes: z.array(z.string()),
});
export type MapBox = z.infer<typeof MapBox>;

/** What leads from some boxes to others. One row stands for every pair of both lists. */
export const MapLink = z.object({
  id: z.string(),
  /** `entry`: a way in from outside; `reach`: policies let connections pass; `attack`: on a likely way of an attacker; `exit`: a way out to the Internet. */
  kind: z.enum(['entry', 'reach', 'attack', 'exit']),
  /** Ids of boxes. */
  from: z.array(z.string()),
  to: z.array(z.string()),
  /** "through ingress shop", "every port". */
  phrase: z.string(),
  /** What decides. */
  reason: z.string(),
  /** Chance that the step can be taken, for attacks. */
  probability: z.number().optional(),
  /** Workloads whose likeliest way leads over it, for attacks. */
  ways: z.number().int().optional(),
  places: z.array(Place),
});
export type MapLink = z.infer<typeof MapLink>;

/** `GET /api/map`: who can reach whom, and the likeliest ways of attackers. */
export const EstateMap = z.object({
  /** ISO 8601. */
  time: z.string(),
  boxes: z.array(MapBox),
  links: z.array(MapLink),
  /** Links beyond those that are listed. */
  more: z.number().int().nonnegative(),
  /** What the map cannot show, as sentences. */
  notKnown: z.array(z.string()),
});
export type EstateMap = z.infer<typeof EstateMap>;

import type { RuntimeEvent } from '@breakwater/model';
import type { JsonFields } from './json-fields.ts';
import type { LineReading } from './shapes/index.ts';

/** A program that reports what happens at run time. One folder each, one line in `event-sources.ts`. */
export interface EventSource {
  name: RuntimeEvent['source'];
  /** Whether this object is one of its events. Looks at a few keys only, since it is asked for every line. */
  recognises(json: JsonFields): boolean;
  /**
   * Translates one event. Returns none where the event says nothing usable; fields of a wrong type are left out.
   * Never throws, whatever the object holds.
   */
  parse(json: JsonFields): RuntimeEvent[];
  /** Whether an object of which `parse` makes no event is whole, and only tells of nothing that is an event here. */
  isWhole?(json: JsonFields): boolean;
  /**
   * What `parse` and `isWhole` look at, where lines of this source are to be read by their shapes. They and
   * `recognises`, which may look at plain fields of the line itself, then keep nothing of what they are given.
   */
  lines?: LineReading;
}

export type { EventSource } from './event-source.ts';
export { EVENT_SOURCES } from './event-sources.ts';
export { type EventReading, EventShapes, EventStream, type EventStreamOptions } from './event-stream.ts';
export {
  detectEvents,
  parseEventBody,
  parseEventParts,
  type ReadEventsOptions,
  readEventBatches,
} from './read-events.ts';

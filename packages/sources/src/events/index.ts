export type { EventSource } from './event-source.ts';
export { EVENT_SOURCES } from './event-sources.ts';
export {
  detectEvents,
  type EventReading,
  parseEventBody,
  type ReadEventsOptions,
  readEventBatches,
} from './read-events.ts';

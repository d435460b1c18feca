export {
  EVENTS_BODY,
  type EventsAnswer,
  type EventsDesk,
  type EventsDeskOptions,
  type EventsRequest,
  openEventsDesk,
} from './answer-events.ts';
export { EVENTS_PATH, type EventsListener, type EventsListenerOptions, listenForEvents } from './listen-for-events.ts';

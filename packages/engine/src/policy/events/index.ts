export { alertOf } from './alert-of.ts';
export { type AlikeEvents, type Detection, Detector, type EventSurroundings } from './detector.ts';
export type { OwnersOf } from './event-view.ts';
export { exceptionOfAlert } from './exception-of-alert.ts';
export { RecentMap } from './recent-map.ts';
export { RepeatLimiter, type Repeats } from './repeats.ts';

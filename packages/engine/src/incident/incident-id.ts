import { sipHash } from '../behaviour/index.ts';
import { containerOf, type IncidentSign, processKey } from './sign.ts';

const encoder = new TextEncoder();
/** Public: ids only have to differ. */
const KEY = encoder.encode('breakwater story');

/** Of its first process, whose it is and when it began, `i-4f9a2c81d0`: the same signs give the same id. */
export function incidentId({ event, subject }: IncidentSign): string {
  const process = event.process && processKey(event, event.process);
  const text = encoder.encode(JSON.stringify([process ?? containerOf(event), subject, event.time, event.alert?.rule]));
  const room = new Uint8Array(text.length + 8);
  room.set(text);
  return `i-${sipHash(KEY, room, text.length).slice(0, 10)}`;
}

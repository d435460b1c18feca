import type { EventSource } from '../event-source.ts';
import type { JsonFields } from '../json-fields.ts';
import { readNew } from './read-new.ts';
import { readOld } from './read-old.ts';
import { translate } from './translate.ts';

const isOld = (json: JsonFields): boolean =>
  typeof json['eventName'] === 'string' && 'timestamp' in json && Array.isArray(json['args']);
const isNew = (json: JsonFields): boolean =>
  typeof json['name'] === 'string' && 'timestamp' in json && typeof json['workload'] === 'object';

/** Aqua Tracee: JSON lines of the older output (`eventName`, `args`) and of v1beta1 (`workload`, `data`). */
export const tracee: EventSource = {
  name: 'tracee',
  recognises: (json) => isOld(json) || isNew(json),
  parse(json) {
    const reading = isOld(json) ? readOld(json) : readNew(json);
    return reading === undefined ? [] : [translate(reading)];
  },
};

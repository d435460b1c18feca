import type { ComponentEvidence, Image } from '@breakwater/model';

/** What goes into a bill of materials of any format. */
export interface BillInput {
  image: Image;
  /** What was seen of components while they ran, by `Component.id`, where anything was observed. */
  evidence?: ReadonlyMap<string, ComponentEvidence> | undefined;
  /** When the image was read, ISO 8601. */
  time: string;
  toolVersion: string;
}

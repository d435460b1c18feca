import type { BehaviourJudgement, RuntimeEvent } from '@breakwater/model';

/** Something that a workload did, and nothing explains. */
export interface Deviation {
  /** `namespace/Kind/name`, else the image, as ingest tells it. */
  subject: string;
  container?: string;
  /** What showed it, with its processes. */
  event: RuntimeEvent;
  judgement: BehaviourJudgement;
}

import type { BehaviourJudgement, ResourceJudgement, RuntimeEvent } from '@breakwater/model';

interface Place {
  /** `namespace/Kind/name`, else the image, as ingest tells it. */
  subject: string;
  container?: string;
}

/** Something that a workload did, and nothing explains. */
export interface NewBehaviour extends Place {
  /** What showed it, with its processes. */
  event: RuntimeEvent;
  judgement: BehaviourJudgement;
}

/** A replica that uses far more than is usual. */
export interface FarUse extends Place {
  /** What it used last, and where. */
  event: RuntimeEvent;
  use: ResourceJudgement;
}

/** What is no more as it was. */
export type Deviation = NewBehaviour | FarUse;

/** What one end may open to another. */
export interface ReachRow {
  from: string;
  to: string;
  /** `TCP 80,443 UDP 53`, or `every port`. */
  ports: string;
  /** The network beside the pod network in which that is so. */
  network?: string;
  /** The addresses outside, where one end is: CIDRs, or the name of a host. */
  addresses?: string[];
}

/** Why a part of what one end might open to another is allowed or not. */
export interface ReachReason extends ReachRow {
  allowed: boolean;
  /** `ingress: NetworkPolicy shop/web allows by rule #1`; none where no policy says anything. */
  because: string[];
}

/** What a workload is open to, or may open to, that is not there yet. */
export interface ExposureRow {
  workload: string;
  direction: 'ingress' | 'egress';
  /** `any pod labelled role=front in namespace shop`. */
  peer: string;
  ports: string;
  network?: string;
}

/** Connections of many workloads, told by namespace. */
export interface NamespaceRow {
  from: string;
  to: string;
  /** Pairs of workloads that can connect, of how many there are. */
  pairs: number;
  of: number;
  network?: string;
}

/** Which ends are asked for: `web`, `shop/web`, or `outside`. */
export interface ReachQuestion {
  from?: string | undefined;
  to?: string | undefined;
}

import type { Exposure, Json, Place } from '@breakwater/model';

/** A Service that a gate leads to. */
export interface GateTarget {
  namespace: string;
  service: string;
  port: Json | undefined;
  /** The port is one of the pods, as in a Route, not one of the Service. */
  ofPods?: true;
}

/** An object that leads callers from outside to Services: Ingress, Route, a Gateway's routes. */
export interface Gate {
  cluster: string;
  through: Extract<Exposure['through'], 'ingress' | 'gateway' | 'route'>;
  name: string;
  /** The object that says so: `Ingress shop/web`; of a Gateway the route that is attached to it. */
  by: string;
  from: Exposure['from'];
  phrase: string;
  /** Services it leads to, by namespace and name, with the port as number or name; no port stands for every port. */
  targets: GateTarget[];
  /** Services of other namespaces that it names and that nothing grants it. */
  refused?: GateTarget[];
  places: Place[];
}

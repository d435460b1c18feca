export type {
  ApiAnswer,
  ClusterApi,
  ResponseKind,
  ResponseOutcome,
  ResponsePlan,
  ResponsePorts,
  ResponseTarget,
} from './response.ts';
export { RESPONSES } from './responses.ts';

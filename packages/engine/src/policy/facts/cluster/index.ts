export { ClusterFacts, type ClusterSubject, type ClusterView } from './cluster-facts.ts';

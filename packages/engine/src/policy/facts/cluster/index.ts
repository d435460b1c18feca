export { ClusterFacts, type ClusterSubject, type ClusterView, type KnownFacts } from './cluster-facts.ts';

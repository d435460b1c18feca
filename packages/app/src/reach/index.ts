export { type ReachListing, type ReachReason, type ReachRow, reachOf, readReach } from './read-reach.ts';

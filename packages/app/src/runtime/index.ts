export { type EventIntake, type EvidenceDocuments, openEventIntake, type TakenEvents } from './event-intake.ts';

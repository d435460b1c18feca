export {
  type BehaviourStore,
  type BehaviourWord,
  type JournalEntry,
  type KeptFacts,
  type KeptModel,
  LearnedElsewhere,
  type LearnedModel,
  type ProfileHead,
  type ToldBatch,
} from './behaviour-store.ts';

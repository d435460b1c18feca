import type { HeldModel, HeldModels } from './held-models.ts';
import type { BehaviourWord } from './kept/index.ts';

/** Does what somebody said of behaviours. */
export async function obeyWord(word: BehaviourWord, models: HeldModels, now: string): Promise<void> {
  for (const held of await meant(word, models)) {
    held.isChanged = true;
    switch (word.kind) {
      case 'hold':
        held.model.hold(word.keys, word.incident);
        break;
      case 'letGo':
        held.model.letGo(word.incident);
        break;
      case 'accept': {
        const { owner, reason, expires } = word;
        for (const key of word.keys) held.model.accept(key, { owner, reason, expires }, now);
      }
    }
  }
}

/** An incident may hold what any workload does. */
async function meant(word: BehaviourWord, models: HeldModels): Promise<HeldModel[]> {
  return word.kind === 'letGo' ? await models.all() : await models.of(word.subject, word.container);
}

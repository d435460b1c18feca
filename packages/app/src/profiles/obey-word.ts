import type { HeldModel, HeldModels } from './held-models.ts';
import type { BehaviourWord } from './kept/index.ts';

/** Does what somebody said of behaviours. */
export async function obeyWord(word: BehaviourWord, models: HeldModels, now: string): Promise<void> {
  for (const held of await meant(word, models)) {
    if (!obey(word, held, now)) continue;
    held.isChanged = true;
    held.known.clear();
  }
}

/** Whether it changed anything. */
function obey(word: BehaviourWord, { model }: HeldModel, now: string): boolean {
  switch (word.kind) {
    case 'hold':
      model.hold(word.keys, word.incident);
      return true;
    case 'letGo':
      return model.letGo(word.incident);
    case 'accept': {
      const { owner, reason, expires } = word;
      return word.keys.filter((key) => model.accept(key, { owner, reason, expires }, now)).length > 0;
    }
  }
}

/** An incident may hold what any workload does. */
async function meant(word: BehaviourWord, models: HeldModels): Promise<HeldModel[]> {
  return word.kind === 'letGo' ? await models.holding(word.incident) : await models.of(word.subject, word.container);
}

import { RegistryList, RegistrySprawl, UserError, WatchedTagPage, type WatchedTagQuery } from '@breakwater/model';
import { z } from 'zod';
import { openApi } from './server-answers.ts';

/** What `breakwater registry` asks, whoever answers: a running server, or the store itself. */
export interface RegistryAnswers {
  list(): Promise<RegistryList>;
  tags(query: WatchedTagQuery): Promise<WatchedTagPage>;
  sprawl(): Promise<RegistrySprawl>;
  /** Makes looks due; gives how many. Only a running server looks. */
  look(name: string | undefined): Promise<number>;
  close(): Promise<void>;
}

/** The running server's answers, or else those of the store. `newestAdvisories` is the time of their import. */
export async function openRegistryAnswers(
  state: string,
  newestAdvisories: () => Promise<string>,
): Promise<RegistryAnswers> {
  const api = await openApi(state);
  if (api) {
    return {
      list: () => api.request('GET', '/api/registries', RegistryList),
      tags: (query) => api.request('GET', `/api/registries/tags?${parameters(query)}`, WatchedTagPage),
      sprawl: () => api.request('GET', '/api/registries/sprawl', RegistrySprawl),
      async look(name) {
        const body = name === undefined ? {} : { name };
        return (await api.request('POST', '/api/registries/look', z.object({ looks: z.number() }), body)).looks;
      },
      close: async () => {},
    };
  }
  const { openEstateStore } = await import('../up/open-estate-store.ts');
  const store = await openEstateStore(state);
  const now = () => new Date().toISOString();
  return {
    list: async () => store.registries.list(await newestAdvisories()),
    tags: (query) => store.registries.tags(query, now()),
    sprawl: () => store.registries.sprawl(now()),
    look: () =>
      Promise.reject(
        new UserError('No server runs that could look.', {
          code: 'server-missing',
          hint: 'Start it: breakwater up --registry HOST[/PREFIX]. It looks at once.',
        }),
      ),
    close: () => store.close(),
  };
}

function parameters(query: WatchedTagQuery): URLSearchParams {
  const text = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) text.set(name, String(value));
  return text;
}

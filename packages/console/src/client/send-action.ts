import type { ACTIONS } from '@breakwater/model';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { z } from 'zod';
import { type RequestError, readProblem, unreachable } from './fetch-route.ts';

type Actions = typeof ACTIONS;

/** Path of a route that does something, as the model spells it. */
export type Action = keyof Actions;

/** What an action takes, and what it answers. */
export type ActionRequest<A extends Action> = z.input<Actions[A]['request']>;
export type ActionAnswer<A extends Action> = z.infer<Actions[A]['answer']>;

/** Does something. @throws {RequestError} where the server says no, or nothing */
export async function sendAction<A extends Action>(
  action: A,
  segments: Record<string, string>,
  body: ActionRequest<A>,
): Promise<ActionAnswer<A>> {
  const path = action.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(segments[name] ?? ''));
  const response = await fetch(path, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }).catch(() => {
    throw unreachable();
  });
  if (!response.ok) throw await readProblem(response);
  return (await response.json()) as ActionAnswer<A>;
}

/** An action for a form: after it, all that is shown is asked again. */
export function useAction<A extends Action>(action: A, segments: Record<string, string>) {
  const client = useQueryClient();
  return useMutation<ActionAnswer<A>, RequestError, ActionRequest<A>>({
    mutationFn: (body) => sendAction(action, segments, body),
    onSuccess: () => client.invalidateQueries(),
  });
}

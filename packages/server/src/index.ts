export { createServer, type ServerOptions } from './create-server.ts';
export { type Listening, listen } from './listen.ts';
export { openProgressFeed, type ProgressFeed } from './progress.ts';
export { openApiDocument } from './routes/openapi.ts';
export type { RegistryService } from './routes/registries.ts';
export type { ViewService } from './routes/views.ts';
export { openSessions, type Sessions } from './security/sessions.ts';
export { newToken } from './security/tokens.ts';

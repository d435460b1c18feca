import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/**
 * The console as static files for the server. Nothing is inlined (no `data:` fonts), so that the strictest content
 * security policy holds: `default-src 'self'`.
 */
export default defineConfig({
  plugins: [react()],
  build: {
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
  },
  // The session cookie belongs to 127.0.0.1: sign in at the server first, then open this address.
  server: { host: '127.0.0.1', proxy: { '/api': process.env['BREAKWATER_URL'] ?? 'http://127.0.0.1:7070' } },
});

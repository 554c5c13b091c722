import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

// The page is served under a strict content security policy: nothing inline, no data: addresses, one origin.
export default defineConfig({
  plugins: [svelte()],
  build: {
    outDir: '../src/matinee/web/static',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: ['chrome123', 'firefox121', 'safari17.5'],
  },
  server: { host: '127.0.0.1', proxy: { '/api': 'http://127.0.0.1:8642', '/stream': 'http://127.0.0.1:8642' } },
});

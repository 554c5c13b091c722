import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

/** The worker comes alone. */
const ALONE = /\/src\/(?:worker|lib\/keeping)\.ts$/u;

// The page is served under a strict content security policy: nothing inline, no data: addresses, one origin.
export default defineConfig({
  plugins: [svelte()],
  // The drawer of styled subtitles can ask a font service by the way; ours asks nobody.
  resolve: { alias: { 'lfa-ponyfill': '/src/lib/subtitles/no-font-service.ts' } },
  worker: { format: 'es' },
  // It finds its worker and its machine code beside itself.
  optimizeDeps: { exclude: ['jassub'], include: ['jassub > throughput'] },
  build: {
    outDir: '../src/matinee/web/static',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // hls.js, which only a film that needs it fetches.
    chunkSizeWarningLimit: 640,
    rolldownOptions: {
      input: { index: 'index.html', sw: 'src/worker.ts' },
      // A browser looks for a newer worker at the same address; what it keeps bears hashes.
      output: {
        entryFileNames: ({ name }) => (name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js'),
        // What the first picture needs comes in one piece: thirty small files cost a phone more than their bytes do.
        codeSplitting: { groups: [{ name: 'first', tags: ['$initial'], test: (id) => !ALONE.test(id) }] },
      },
    },
    target: ['chrome123', 'firefox121', 'safari17.5'],
  },
  // Outside lies the built-in shelf, which the made-up server shows.
  server: { fs: { allow: ['..'] }, host: '127.0.0.1', proxy: Object.fromEntries(['/api', '/stream', '/hls', '/subtitles', '/thumbnails', '/fonts'].map((path) => [path, 'http://127.0.0.1:8642'])) },
});

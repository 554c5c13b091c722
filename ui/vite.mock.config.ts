import { mergeConfig, type Plugin } from 'vite';
import page from './vite.config';

/** One more language, which is one more file: in the tests' own folder, so that it is not shipped. */
const mirrored: Plugin = {
  name: 'mirrored-english',
  enforce: 'pre',
  transform: (code, id) => (id.endsWith('/i18n/languages.ts') ? code.replace("'./languages/*.ts'", "['./languages/*.ts', '/tests/languages/*.ts']") : null),
};

/** The page on its made-up server, built for the tests: it needs neither a server nor a swarm, and is no part of what is shipped.
 *
 * That server stands before the page is fetched, so the two cannot be one piece. */
export default mergeConfig(page, { plugins: [mirrored], build: { rolldownOptions: { input: 'mock.html', output: { codeSplitting: true } }, minify: false, reportCompressedSize: false } });

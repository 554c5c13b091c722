import { mergeConfig } from 'vite';
import page from './vite.config';

/** The page on its made-up server, built for the tests: it needs neither a server nor a swarm, and is no part of what is shipped. */
export default mergeConfig(page, { build: { rolldownOptions: { input: 'mock.html' }, minify: false, reportCompressedSize: false } });

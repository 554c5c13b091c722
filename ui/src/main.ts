import '@fontsource-variable/bricolage-grotesque/standard.css';
import '@fontsource-variable/instrument-sans/index.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/poster.css';

import { mount } from 'svelte';
import App from './App.svelte';

const FONT_LIMIT_MS = 1500;

// Posters are measured in their own letters: wait for these a moment, never for long.
const font = document.fonts.load("800 64px 'Bricolage Grotesque Variable'", 'Matinée');
await Promise.race([font, new Promise((resolve) => setTimeout(resolve, FONT_LIMIT_MS))]).catch(() => undefined);

mount(App, { target: document.getElementById('app')! });

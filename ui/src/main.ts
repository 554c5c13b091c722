import '@fontsource-variable/bricolage-grotesque/standard.css';
import '@fontsource-variable/instrument-sans/index.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/poster.css';

import { mount } from 'svelte';
import App from './App.svelte';
import { spoken } from './lib/i18n/index.svelte';

const FONT_LIMIT_MS = 1500;

// Posters are measured in their own letters: wait for these a moment, never for long.
const font = document.fonts.load("800 64px 'Bricolage Grotesque Variable'", 'Matinée');
const lettered = Promise.race([font, new Promise((resolve) => setTimeout(resolve, FONT_LIMIT_MS))]);
// Without its own words the page speaks English.
await Promise.allSettled([lettered, spoken]);

mount(App, { target: document.getElementById('app')! });

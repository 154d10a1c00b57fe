// Light or dark: as the system has it unless the reader chooses; and whether the window is narrow.
import { computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import type { Room, ThemeName } from '../../../src/figures/spec.js';

/** What a reader can choose. */
export const choices = ['auto', 'light', 'dark'] as const;

/** What the reader has chosen. */
export type Choice = (typeof choices)[number];

const key = 'selffer-appearance';

/** The reader's choice; kept where the browser allows it. */
export const choice = signal<Choice>(remembered());

const isSystemDark = media('(prefers-color-scheme: dark)');
const isNarrow = media('(max-width: 44rem)');

/** How the page is drawn. */
export const theme: ReadonlySignal<ThemeName> = computed(() => {
  if (choice.value !== 'auto') return choice.value;
  return isSystemDark.value ? 'dark' : 'light';
});

/** Room that figures have. */
export const room: ReadonlySignal<Room> = computed(() => (isNarrow.value ? 'narrow' : 'wide'));

effect(() => {
  document.documentElement.dataset['theme'] = choice.value;
  try {
    localStorage.setItem(key, choice.value);
  } catch {
    // Without storage the choice holds until the page is closed.
  }
});

function remembered(): Choice {
  try {
    return choices.find((each) => each === localStorage.getItem(key)) ?? 'auto';
  } catch {
    return 'auto';
  }
}

function media(query: string): ReadonlySignal<boolean> {
  const list = window.matchMedia(query);
  const matches = signal(list.matches);
  list.addEventListener('change', (event) => (matches.value = event.matches));
  return matches;
}

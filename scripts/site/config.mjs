// VitePress's settings. Copied beside the staged pages; see scripts/site.mjs.
import { groups } from './pages.mjs';

const link = (address) => `/${address.replace(/(index)?\.md$/, '')}`;

export default {
  title: 'Selffer',
  description: 'How transferable is each layer of a deep network?',
  lang: 'en',
  // A page leads nowhere that does not exist.
  ignoreDeadLinks: false,
  cleanUrls: false,
  appearance: true,
  // Docstrings and prose write `<class>`: text, not elements.
  markdown: { html: false },
  vite: { logLevel: 'warn', build: { chunkSizeWarningLimit: 4000 } },
  themeConfig: {
    search: { provider: 'local' },
    nav: [
      { text: 'First study', link: '/first-study' },
      { text: 'Library', link: '/library' },
      { text: 'API', link: '/api/' },
    ],
    sidebar: [
      ...Object.entries(groups).map(([text, pages]) => ({
        text,
        items: pages.map(([, address, title]) => ({ text: title, link: link(address) })),
      })),
      { text: 'API', items: [{ text: 'All names', link: '/api/' }] },
    ],
    outline: [2, 3],
    docFooter: { prev: 'Before', next: 'Next' },
  },
};

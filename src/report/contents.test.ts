import { expect, test } from 'vitest';
import { withContents } from './contents.js';
import { htmlText, markup } from './html.js';

test('each section is led to, by an id of its own', () => {
  const { body, contents } = withContents(markup`<h2>Figures</h2>
<h2>What &quot;n&quot; is</h2><h3>no section</h3>
<h2>Figures</h2>
<h2>${'<b>'}</h2>`);
  expect(htmlText(body).match(/<h2[^>]*>/g)).toEqual([
    '<h2 id="section-figures">',
    '<h2 id="section-what-n-is">',
    '<h2 id="section-figures-2">',
    '<h2 id="section-b">',
  ]);
  expect(htmlText(contents)).toContain(
    '<li><a href="#section-what-n-is">What &quot;n&quot; is</a>',
  );
  expect(htmlText(contents)).toContain('<a href="#section-b">&lt;b&gt;</a>');
  expect(htmlText(contents)).not.toContain('no section');
});

test('few sections need no list', () => {
  expect(htmlText(withContents(markup`<h2>a</h2><h2>b</h2>`).contents)).toBe('');
});

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
  expect(htmlText(contents).match(/<a [^>]*>.*?<\/a>/g)).toEqual([
    '<a href="#section-figures">Figures</a>',
    '<a href="#section-what-n-is">What &quot;n&quot; is</a>',
    '<a href="#section-figures-2">Figures</a>',
    '<a href="#section-b">&lt;b&gt;</a>',
  ]);
  expect(htmlText(body)).toContain('<h3>no section</h3>');
});

test('few sections need no list', () => {
  const few = withContents(markup`<h2>a</h2><h2>b</h2><h2>c</h2>`);
  expect(htmlText(few.contents)).toBe('');
  // They can be led to all the same.
  expect(htmlText(few.body)).toBe(
    '<h2 id="section-a">a</h2><h2 id="section-b">b</h2><h2 id="section-c">c</h2>',
  );
});

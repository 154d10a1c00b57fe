// What every page of ours has around its body.
import { createHash } from 'node:crypto';
import { type Html, markup, raw } from './html.js';
import { styleSheet } from './style.js';

const sources = ["default-src 'none'", 'img-src data:', "style-src 'unsafe-inline'"];
const rest = ["base-uri 'none'", "form-action 'none'"];

/** A whole page: nothing is loaded from anywhere, and of scripts its own alone runs, known by its
 *  hash.
 *  @param script JavaScript; left out: none */
export function pageShell(title: string, body: Html, script?: string): Html {
  const scripts = script === undefined ? [] : [`script-src 'sha256-${hashOf(script)}'`];
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${[...sources, ...scripts, ...rest].join('; ')}">
<title>${title}</title>
<style>${raw(styleSheet)}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${body}
</main>
${script !== undefined && markup`<script>${raw(script)}</script>`}
</body>
</html>
`;
}

function hashOf(script: string): string {
  return createHash('sha256').update(script).digest('base64');
}

// From Markdown of the repository to Markdown of the site: links lead to pages of the site; what is
// not on it, such as source, is named and not linked.
import { posix } from 'node:path';

/** Addresses of files that readers look at and programs read: copied as they are. */
const isCopied = (path) =>
  /^(schema|examples)\/.*\.(json|yaml|mjs)$/.test(path) || /\.(png|svg)$/.test(path);

/** A page for the site. `addressOf` has the addresses of all pages by their files; `copied` gets
 *  the files that the page needs beside it. */
export function staged(file, text, addressOf, copied) {
  const from = addressOf.get(file);
  let isCode = false;
  return text
    .split('\n')
    .map((line) => {
      if (line.trimStart().startsWith('```')) isCode = !isCode;
      return isCode ? line : withLinks(line);
    })
    .join('\n');

  function withLinks(line) {
    return line.replace(
      /(!?)\[((?:[^[\]]|\[[^\]]*\])*)\]\((?!https?:|mailto:)([^)\s#]*)(#[^)\s]*)?\)/g,
      (whole, image, words, target, place = '') => {
        if (target === '') return whole;
        const path = posix.normalize(posix.join(posix.dirname(file), target)).replace(/\/$/, '');
        const page = addressOf.get(path) ?? addressOf.get(`${path}/README.md`);
        if (page !== undefined) return `[${words}](${relative(from, page)}${place})`;
        if (isCopied(path)) {
          copied.add(path);
          return image === '!'
            ? `![${words}](${relative(from, path)})`
            : `[${words.replaceAll('`', '')}](/${path})`;
        }
        return words.includes('`') ? words : `${words} (\`${path}\`)`;
      },
    );
  }
}

function relative(from, to) {
  const path = posix.relative(posix.dirname(from), to);
  return path.startsWith('.') ? path : `./${path}`;
}

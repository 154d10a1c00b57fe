// Draws the built-in data set `glyphs` and writes assets/glyphs/. See README.md beside this file.
// node generate.mjs writes glyphs.bin, LICENCES.md and contact-sheet.png (every sixth face; --all:
// all)
// node generate.mjs --check draws everything again and compares with the files in the repository

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { faceProblem, findDuplicate } from './checks.mjs';
import { classes } from './classes.mjs';
import { draw, faceScale, openFace, outlines, readFamily, size } from './faces.mjs';
import { licenceList } from './licences.mjs';
import { pack, sameContent } from './pack.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const target = path.join(here, '../../assets/glyphs');
const fonts = path.join(here, 'node_modules/@fontsource');

const families = JSON.parse(readFileSync(path.join(here, 'families.json'), 'utf8'))
  .map((entry) => ({ ...entry, ...readFamily(fonts, entry.family) }))
  .sort((a, b) => (a.id < b.id ? -1 : 1));
const faces = drawFaces(families);
const file = pack(header(faces), pixels(faces));
const licences = licenceList(families);

if (process.argv.includes('--check')) {
  const stored = readFileSync(path.join(target, 'glyphs.bin'));
  const identical = stored.equals(file);
  const same = identical || sameContent(stored, file);
  const sameLicences = readFileSync(path.join(target, 'LICENCES.md'), 'utf8') === licences;
  const verdict = identical
    ? 'byte for byte the same'
    : same
      ? 'the same content, compressed otherwise'
      : 'DIFFERENT';
  console.log(`glyphs.bin: ${verdict}; LICENCES.md: ${sameLicences ? 'the same' : 'DIFFERENT'}`);
  process.exitCode = same && sameLicences ? 0 : 1;
} else {
  const { writeContactSheet } = await import('./contact-sheet.mjs');
  mkdirSync(target, { recursive: true });
  writeFileSync(path.join(target, 'glyphs.bin'), file);
  writeFileSync(path.join(target, 'LICENCES.md'), licences);
  const shown = process.argv.includes('--all')
    ? faces
    : faces.filter((_, index) => index % 6 === 0);
  await writeContactSheet(path.join(target, 'contact-sheet.png'), shown, classes.length, size);
  const count = (part) => faces.filter((face) => face.part === part).length;
  console.log(
    `${classes.length} classes, ${count('train')} train and ${count('val')} val faces, ${file.length} bytes`,
  );
}

/** All faces in file order (train, then val; by name), each with its images; throws on the first
 *  unusable one. */
function drawFaces(list) {
  const drawn = [];
  for (const part of ['train', 'val']) {
    for (const family of list.filter((each) => each.part === part)) {
      for (const style of family.faces) drawn.push(drawFace(family, style, drawn));
    }
  }
  return drawn;
}

function drawFace(family, style, accepted) {
  const name = `${family.id} ${style}`;
  const font = openFace(family, style);
  if (font === undefined) throw new Error(`${name}: the package has no such face`);
  const glyphs = outlines(font);
  const problem = typeof glyphs === 'string' ? glyphs : faceProblem(glyphs);
  if (problem !== undefined) throw new Error(`${name}: ${problem}`);
  const scale = faceScale(glyphs);
  const images = Buffer.concat(classes.map(({ character }) => draw(glyphs.get(character), scale)));
  const twin = findDuplicate(images, accepted);
  if (twin !== undefined) throw new Error(`${name}: nearly the same as ${twin.name}`);
  return { name, family: family.id, style: family.style, part: family.part, images };
}

function header(drawn) {
  return {
    format: 'selffer.glyphs/1',
    height: size,
    width: size,
    classes: classes.map(({ name }) => name),
    faces: drawn.map(({ name, family, style, part }) => ({ name, family, style, part })),
  };
}

/** Pixels class by class, within a class face by face. */
function pixels(drawn) {
  const bytes = size * size;
  return Buffer.concat(
    classes.flatMap((_, c) =>
      drawn.map(({ images }) => images.subarray(c * bytes, (c + 1) * bytes)),
    ),
  );
}

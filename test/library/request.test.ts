// What is wrong in a call of `run` or `study`, from programs that no compiler has checked.
import { expect, test } from 'vitest';
import { ParseError, run, study, UsageError } from '../../src/index.js';

const tiny = study({ name: 'tiny', data: { source: 'glyphs' }, network: 'glyph28' });

test.each([
  [{ outt: 'x' }, 'run: found unknown key "outt", did you mean "out"?'],
  [{ concurrency: 2 }, /found unknown key "concurrency", wanted some of out, executor, threads/],
  [{ executor: 'cuda' }, /executor: found 'cuda', wanted one of auto, onednn, /],
  [{ executor: 'toString' }, /executor: found 'toString', wanted one of/],
  [{ out: '' }, /out: found '', wanted a text/],
  [{ threads: 0 }, /threads: found 0, wanted a whole number of at least 1/],
  [{ workers: 'many' }, /workers: found 'many', wanted a whole number of at least 1, or measure/],
  [{ memory: '8G' }, /memory: found '8G', wanted a number of bytes/],
  [{ loaders: -1 }, /loaders: found -1/],
  [{ only: 'split0/*' }, /only: found 'split0\/\*', wanted a list of texts/],
  [{ onEvent: {} }, /onEvent: found \{\}, wanted a function/],
  [{ signal: new AbortController() }, /signal: found .*AbortController.*, wanted an AbortSignal/],
])('run(study, %o) is refused before anything happens', async (request, message) => {
  const refused = run(tiny, request as never);
  await expect(refused).rejects.toThrow(UsageError);
  await expect(refused).rejects.toThrow(message);
});

test.each([[undefined], [null], [7]])('run(%o) says what it wants', async (wrong) => {
  const message = `run: found ${wrong}, wanted a study (study({...})) or the path of a study file`;
  await expect(run(wrong as never)).rejects.toThrow(message);
});

const circle: { self?: unknown } = {};
circle.self = circle;

test.each([
  [undefined, /found undefined, wanted an object with the keys of a study file/],
  ['study.yaml', /found study\.yaml, wanted an object .*: a path is for readStudy and run/],
  [{ name: 'a', network: 'glyph28', seed: 1n }, /wanted what JSON can write/],
  [{ name: 'a', network: 'glyph28', tests: circle }, /wanted what JSON can write/],
  [{ name: 'a', network: 'glyph28', treatments: ['AnBB'] }, /found "AnBB".*did you mean AnB\?/],
])('study(%o) says what it wants', (wrong, message) => {
  expect(() => study(wrong as never)).toThrow(ParseError);
  expect(() => study(wrong as never)).toThrow(message);
});

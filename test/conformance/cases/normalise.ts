// Pixels to network input, with windows into a larger mean image, some mirrored.
import { inputShape, parseDescriptor } from '../descriptor.js';
import { type Given, type Problem, slot } from '../problem.js';

const lines = [
  'norm mb3ic1ih28mh28n"glyph28"',
  'norm mb3ic3ih32mh36n"tiny32"',
  'norm mb2ic3ih56mh64n"alex64"',
  'norm mb4ic3ih9iw5mh12mw9n"not square"',
  'norm mb2ic3ih8mh10own1n"a scale a channel"',
];

/** x = (crop - mean) * scale, 1/64 or (key `own`) of each channel its own; 0, 1 or 2 rows down,
 *  columns right, and both values of mirrored, where the mean leaves room. */
export const normaliseProblems: readonly Problem[] = lines.map((line) => {
  const descriptor = parseDescriptor(line);
  const [mb, ic, ih, iw] = inputShape(descriptor) as [number, number, number, number];
  const mh = descriptor.get('mh');
  const mw = descriptor.get('mw', mh);
  const scale = descriptor.get('own', 0) === 1 ? [1 / 64, 1 / 2, 3] : [1 / 64];
  const windows: Given = {
    home: 'feed',
    type: { dtype: 'i32', shape: [mb, 3] },
    // Top and left must stay inside the mean: no window can move where the image is as large.
    content: mh === ih ? { below: 1 } : { below: 2 },
  };
  return {
    line,
    fills: ['integers', 'reals'],
    given: {
      crops: { home: 'feed', type: { dtype: 'u8', shape: [mb, ic, ih, iw] } },
      windows,
      mean: slot([ic, mh, mw], { span: 128, amplitude: 128 }),
    },
    build: (builder, { crops, windows: fed, mean }) => ({
      outputs: { x: builder.apply('normalise', { scale }, [crops!, fed!, mean!]) },
    }),
    wanted: { x: { limit: { type: 'norm', factor: 4 } } },
  };
});

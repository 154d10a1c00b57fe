// Sizes that a window has along height and width: one number, two, or a field for each axis.
import type { Pair, Sliding } from '../../../tensor/window.js';
import type { CaffeLayer } from './caffe-layers.js';
import type { Issues } from './issues.js';

/** How one size is written. */
interface SizeNames {
  readonly both: readonly string[];
  readonly height?: string;
  readonly width?: string;
}

const sizes = {
  kernel: { both: ['kernel_size', 'kernelsize'], height: 'kernel_h', width: 'kernel_w' },
  stride: { both: ['stride'], height: 'stride_h', width: 'stride_w' },
  pad: { both: ['pad'], height: 'pad_h', width: 'pad_w' },
  dilation: { both: ['dilation'] },
} as const satisfies Readonly<Record<string, SizeNames>>;

/** The window of a convolution or of pooling. Of fields that stand twice, which only convolutions
 *  may have, the first is the height, the second the width. */
export function windowOf(layer: CaffeLayer, issues: Issues): Sliding & { readonly kernel: Pair } {
  const size = (name: keyof typeof sizes, otherwise: number | null): Pair =>
    pairOf(layer, sizes[name], otherwise, issues);
  const kernel = size('kernel', null);
  const [stride, pad] = [size('stride', 1), size('pad', 0)];
  const dilation = layer.kind === 'convolution' ? size('dilation', 1) : ([1, 1] as const);
  return { kernel, stride, pads: [...pad, ...pad], dilation };
}

function pairOf(
  layer: CaffeLayer,
  { both, height, width }: SizeNames,
  otherwise: number | null,
  issues: Issues,
): Pair {
  const { parameters, place, name } = layer;
  const written = parameters.all(...both);
  const values = parameters.numbers(...both);
  const [h, w] = [height, width].map((axis) =>
    axis === undefined ? null : parameters.number([axis], null),
  ) as [number | null, number | null];
  const wrong = (message: string): Pair => {
    issues.add(written.at(-1) ?? place, `layer "${name}": ${message}`);
    return [1, 1];
  };
  if (h !== null || w !== null) {
    if (written.length > 0) return wrong(`found ${both[0]} and ${height ?? ''}, wanted one way`);
    return h === null || w === null ? wrong(`wanted both ${height} and ${width}`) : [h, w];
  }
  const [first = otherwise, second = first] = values;
  if (values.length > (layer.kind === 'convolution' ? 2 : 1)) {
    return wrong(`${both[0]} stands ${values.length} times (${values.join(', ')}), wanted it once`);
  }
  if (first === null || second === null) {
    // What is there but no number has been noted.
    return written.length > 0 ? [1, 1] : wrong(`has no ${both[0]}`);
  }
  if (values.length === 2 && first !== second) {
    issues.remark(
      written[1] ?? place,
      `layer "${name}": ${both[0]} ${first}, ${second} is read as height ${first}, width ${second}`,
    );
  }
  return [first, second];
}

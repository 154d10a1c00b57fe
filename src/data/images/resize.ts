// An opened image brought to a height and width. The one place where pixels are resampled.
import sharp, { type Sharp } from 'sharp';
import type { Channels, Extent } from '../image-form.js';

/** How images get their form: `warp` stretches to height x width, aspect ratio not kept, as the
 *  paper did; `crop` scales until one side fits, the other not being shorter, and keeps the
 *  centre. */
export type Resize = 'warp' | 'crop';

/** A height and width, and how to come to them. */
export interface Target extends Extent {
  readonly resize: Resize;
  readonly channels: Channels;
}

/** Whether an image of this extent is enlarged in a direction on the way to `to`. */
export function isEnlarged(from: Extent, to: Target): boolean {
  const scaled = scaledExtent(from, to);
  return scaled.height > from.height || scaled.width > from.width;
}

/** The image at the target's height and width, 8 bits a channel, grey or sRGB. Shrinking: kernel
 *  Lanczos with 3 lobes, widened so that nothing aliases. Enlarging: Catmull-Rom, edges repeated.
 *  In both, the centre of result pixel j lies at (j + 1/2) * from / to - 1/2 of the image, as in
 *  Pillow, OpenCV and PyTorch; sharp's own enlarging lies half a result pixel off.
 *  @param from its height and width, upright */
export async function resized(image: Sharp, from: Extent, to: Target): Promise<Sharp> {
  if (isEnlarged(from, to)) return enlarged(image, from, to);
  const { height, width, resize, channels } = to;
  return image
    .resize(width, height, { fit: resize === 'warp' ? 'fill' : 'cover', kernel: 'lanczos3' })
    .toColourspace(spaceOf(channels));
}

function spaceOf(channels: Channels): 'b-w' | 'srgb' {
  return channels === 1 ? 'b-w' : 'srgb';
}

/** What the image is scaled to before the centre is kept. */
function scaledExtent(from: Extent, { height, width, resize }: Target): Extent {
  if (resize === 'warp') return { height, width };
  const scale = Math.max(height / from.height, width / from.width);
  return {
    height: Math.max(height, Math.round(from.height * scale)),
    width: Math.max(width, Math.round(from.width * scale)),
  };
}

// Pixels repeated at each edge: the kernel reaches two beyond it.
const MARGIN = 3;

// In two steps, because sharp shrinks before it adds margins, and enlarges before that.
async function enlarged(image: Sharp, from: Extent, to: Target): Promise<Sharp> {
  const scaled = scaledExtent(from, to);
  const shrunk = {
    height: Math.min(from.height, scaled.height),
    width: Math.min(from.width, scaled.width),
  };
  const { data, info } = await image
    .resize(shrunk.width, shrunk.height, { fit: 'fill', kernel: 'lanczos3' })
    .toColourspace(spaceOf(to.channels))
    .extend({ ...sides(MARGIN), extendWith: 'copy' })
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const [x, y] = [along(shrunk.width, scaled.width), along(shrunk.height, scaled.height)];
  const large = await sharp(data, { raw: info })
    .affine(
      [
        [x.scale, 0],
        [0, y.scale],
      ],
      { interpolator: 'bicubic', odx: x.offset, ody: y.offset },
    )
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const left = x.before + Math.floor((scaled.width - to.width) / 2);
  const top = y.before + Math.floor((scaled.height - to.height) / 2);
  return sharp(large.data, { raw: large.info })
    .extract({ left, top, width: to.width, height: to.height })
    .toColourspace(spaceOf(to.channels));
}

function sides(margin: number) {
  return { top: margin, bottom: margin, left: margin, right: margin };
}

/** One direction of the enlarging: result pixel j comes from place (j + 1/2) / scale - 1/2 + MARGIN
 *  of the image with margins; `before` result pixels are those of the margin. */
function along(from: number, to: number): { scale: number; offset: number; before: number } {
  const scale = to / from;
  const before = Math.ceil(scale * MARGIN);
  return { scale, offset: scale * (0.5 - MARGIN) - 0.5 + before, before };
}

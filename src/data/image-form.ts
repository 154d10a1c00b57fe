// The shape of images: what sets, minibatches, stores and mean images have instead of a size.

/** Height and width in pixels. */
export interface Extent {
  readonly height: number;
  readonly width: number;
}

/** Shape of one image, [channels,height,width]. */
export interface ImageForm extends Extent {
  readonly channels: number;
}

/** Channels of the records of a data set that is made from a source: grey or RGB. */
export type Channels = 1 | 3;

/** Shape of what is decoded and kept in stores. */
export interface PixelForm extends ImageForm {
  readonly channels: Channels;
}

/** A square of `side` pixels. */
export function square(side: number): Extent {
  return { height: side, width: side };
}

/** Values of an image, which are its bytes as u8: channels * height * width. */
export function imageValues({ channels, height, width }: ImageForm): number {
  return channels * height * width;
}

/** Height = width of square images; null for others. */
export function sideOf({ height, width }: Extent): number | null {
  return height === width ? height : null;
}

/** "64x64": height x width. */
export function extentText({ height, width }: Extent): string {
  return `${height}x${width}`;
}

/** "3x64x64": channels x height x width. */
export function formText(form: ImageForm): string {
  return `${form.channels}x${extentText(form)}`;
}

/** Whether two images have the same shape. */
export function isSameForm(a: ImageForm, b: ImageForm): boolean {
  return a.channels === b.channels && a.height === b.height && a.width === b.width;
}

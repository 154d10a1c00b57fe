// Where the chosen network errs: which classes it takes for which, and the images that it is most
// sure of and wrong.
import sharp from 'sharp';
import { openStore } from '../../data/store/open-store.js';
import type { Judgement } from '../judged.js';

/** An image that was given another class than its own. */
export interface Mistake {
  readonly label: number;
  readonly answer: number;
  readonly confidence: number;
  /** JPEG, base64. */
  readonly picture: string;
}

/** How often images of a class (row) were given a class (column). */
export function confusions({ labels, arms }: Judgement, classes: number): readonly number[][] {
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  arms[0]?.answers.forEach((answer, at) => {
    const row = counts[labels[at] ?? -1];
    if (row !== undefined) row[answer] = (row[answer] ?? 0) + 1;
  });
  return counts;
}

const SHOWN = 12;
const PIXELS = 96;

/** The worst mistakes of the chosen arm, the surest first.
 *  @param store whose test part, in its order, was judged; it holds the advice's classes alone
 *  @throws DataError if the store cannot be read */
export async function worstMistakes(
  store: string,
  { labels, arms }: Judgement,
): Promise<readonly Mistake[]> {
  const [chosen] = arms;
  if (chosen === undefined) return [];
  const wrong = chosen.answers
    .map((answer, at) => ({
      ...{ at, answer, label: labels[at] ?? -1 },
      confidence: chosen.confidence[at] ?? 0,
    }))
    .filter(({ answer, label }) => answer !== label)
    .sort((a, b) => b.confidence - a.confidence || a.at - b.at)
    .slice(0, SHOWN);
  const { test, form } = openStore(store);
  const { width, height, channels } = form;
  const mistakes: Mistake[] = [];
  for (const { at, ...mistake } of wrong) {
    const planes = test.pixels(at);
    const pixels = Buffer.alloc(planes.length);
    for (let place = 0; place < width * height; place++) {
      for (let channel = 0; channel < channels; channel++) {
        pixels[place * channels + channel] = planes[channel * width * height + place] as number;
      }
    }
    const picture = await sharp(pixels, { raw: { width, height, channels: channels as 1 | 3 } })
      .resize(PIXELS, PIXELS)
      .jpeg()
      .toBuffer();
    mistakes.push({ ...mistake, picture: picture.toString('base64') });
  }
  return mistakes;
}

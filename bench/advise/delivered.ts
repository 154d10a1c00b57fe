// What a saved network gets right of the test images, asked through `selffer predict`.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { selffer } from './command.js';
import type { Folders } from './images.js';

/** Share of each part of the test images. */
export async function accuraciesOf(file: string, { folds }: Folders): Promise<readonly number[]> {
  const asked = folds.map((folder) =>
    readdirSync(folder).flatMap((label) =>
      readdirSync(join(folder, label)).map((name) => ({ label, path: join(folder, label, name) })),
    ),
  );
  const said = await selffer('predict', file, ...asked.flat().map(({ path }) => path), '--json');
  const { predictions } = JSON.parse(said) as { predictions: readonly { class: string }[] };
  let at = 0;
  return asked.map((images) => {
    const right = images.filter(({ label }) => predictions[at++]?.class === label).length;
    return right / images.length;
  });
}

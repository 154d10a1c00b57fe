// From a Vega-Lite specification to SVG and PNG, without a browser and without a network
// connection.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Resvg } from '@resvg/resvg-js';
import * as vega from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import { DataError } from '../../base/errors.js';
import type { VegaLiteSpec } from '../../figures/spec.js';

/** A drawn figure. */
export interface RenderedFigure {
  readonly svg: string;
  /** PNG file at twice the size of the SVG. */
  readonly png: Uint8Array;
}

/** Draws a figure. @throws DataError if the specification asks for anything outside of itself. */
export async function renderFigure(spec: VegaLiteSpec): Promise<RenderedFigure> {
  const svg = await renderSvg(spec);
  return { svg, png: renderPng(svg) };
}

/** Draws a figure as SVG text.
 *  @throws DataError if the specification asks for anything outside of itself, or is wrong */
export async function renderSvg(spec: VegaLiteSpec): Promise<string> {
  // A copy: the compiler may write into what it is given.
  const copy = JSON.parse(JSON.stringify(spec)) as TopLevelSpec;
  const compiled = compile(copy, { logger: quietLogger() });
  const refused: string[] = [];
  const view = new vega.View(vega.parse(compiled.spec), {
    renderer: 'none',
    loader: closedLoader(refused),
    logger: quietLogger(),
  });
  try {
    await view.runAsync();
    const svg = await view.toSVG();
    if (refused.length > 0) {
      throw new DataError(`figure: asks for ${refused.join(', ')}; its data must be inline`);
    }
    return svg;
  } finally {
    view.finalize();
  }
}

/** Draws SVG text as PNG at twice its size, with the DejaVu fonts of this package only. */
export function renderPng(svg: string): Uint8Array {
  const fonts = join(
    dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json')),
    'ttf',
  );
  const resvg = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: 2 },
    font: {
      fontFiles: ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf', 'DejaVuSans-Oblique.ttf'].map((file) =>
        join(fonts, file),
      ),
      loadSystemFonts: false,
      defaultFontFamily: 'DejaVu Sans',
    },
  });
  return resvg.render().asPng();
}

// Figures carry their data; a specification that wants to load something is a mistake. Vega itself
// would only warn.
function closedLoader(refused: string[]): vega.Loader {
  const refuse = (uri: string): Promise<never> => {
    refused.push(uri);
    return Promise.reject(new DataError(`figure: asks for ${uri}`));
  };
  return { load: refuse, sanitize: refuse, http: refuse, file: refuse };
}

function quietLogger(): vega.LoggerInterface {
  return vega.logger(vega.Error, undefined, (_method, _level, messages) => {
    throw new DataError(`figure: ${messages.map(String).join(' ')}`);
  });
}

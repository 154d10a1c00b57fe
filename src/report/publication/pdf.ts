// A drawn figure as PDF in the width of a column, its fonts embedded.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import PDFDocument from 'pdfkit';
import SVGtoPDF from 'svg-to-pdfkit';
import { DataError } from '../../base/errors.js';

/** Points of 1/72 inch. */
const POINTS_A_CENTIMETRE = 72 / 2.54;

/** Widths of figures in papers, cm: one column of two, and both. */
export const paperWidths = { column: 8.25, page: 17.5 } as const;

/** Draws SVG text as a PDF page of this width in cm and of its own ratio. Equal drawings give equal
 *  bytes.
 *  @throws DataError if something of it cannot be drawn */
export async function renderPdf(svg: string, centimetres: number): Promise<Buffer> {
  const [, width = '', height = ''] =
    /<svg[^>]*\swidth="([\d.]+)"[^>]*\sheight="([\d.]+)"/.exec(svg) ?? [];
  if (!(Number(width) > 0 && Number(height) > 0)) throw new DataError('figure: has no size');
  const scale = (centimetres * POINTS_A_CENTIMETRE) / Number(width);
  const document = new PDFDocument({
    size: [Number(width) * scale, Number(height) * scale],
    margin: 0,
    info: { CreationDate: new Date(0), Producer: 'Selffer', Creator: 'Selffer' },
  });
  const chunks: Buffer[] = [];
  const whole = new Promise<Buffer>((resolve, reject) => {
    document.on('data', (chunk: Buffer) => chunks.push(chunk));
    document.on('end', () => resolve(Buffer.concat(chunks)));
    document.on('error', reject);
  });
  const refused: string[] = [];
  document.scale(scale);
  SVGtoPDF(document, svg, 0, 0, {
    assumePt: true,
    fontCallback: (_family, isBold, isItalic) => fontFile(isBold, isItalic),
    warningCallback: (warning) => refused.push(String(warning)),
  });
  document.end();
  const pdf = await whole;
  if (refused.length > 0) throw new DataError(`figure: ${refused.join('; ')}`);
  return pdf;
}

function fontFile(isBold: boolean, isItalic: boolean): string {
  const require = createRequire(import.meta.url);
  const fonts = join(dirname(require.resolve('dejavu-fonts-ttf/package.json')), 'ttf');
  return join(fonts, `DejaVuSans${isBold ? '-Bold' : isItalic ? '-Oblique' : ''}.ttf`);
}

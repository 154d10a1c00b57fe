// Fills glyph outlines into small greyscale images. Plain arithmetic only (no platform library), so
// that the same outlines give the same bytes on every machine.

const subScanlines = 16;
const quadraticSegments = 8;
const cubicSegments = 12;

/** Flattens path commands (M, L, Q, C, Z) into line segments [x0, y0, x1, y1] in the units of the
 *  commands. */
export function flatten(commands) {
  const segments = [];
  let [startX, startY, x, y] = [0, 0, 0, 0];
  const lineTo = (nextX, nextY) => {
    if (nextY !== y) segments.push([x, y, nextX, nextY]); // horizontal edges never cross a scanline
    [x, y] = [nextX, nextY];
  };
  for (const c of commands) {
    if (c.type === 'M') {
      lineTo(startX, startY);
      [startX, startY, x, y] = [c.x, c.y, c.x, c.y];
    } else if (c.type === 'L') {
      lineTo(c.x, c.y);
    } else if (c.type === 'Q') {
      const [x0, y0] = [x, y];
      for (let i = 1; i <= quadraticSegments; i++) {
        const t = i / quadraticSegments;
        const [a, b, d] = [(1 - t) * (1 - t), 2 * t * (1 - t), t * t];
        lineTo(a * x0 + b * c.x1 + d * c.x, a * y0 + b * c.y1 + d * c.y);
      }
    } else if (c.type === 'C') {
      const [x0, y0] = [x, y];
      for (let i = 1; i <= cubicSegments; i++) {
        const t = i / cubicSegments;
        const s = 1 - t;
        const [a, b, d, e] = [s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t];
        lineTo(a * x0 + b * c.x1 + d * c.x2 + e * c.x, a * y0 + b * c.y1 + d * c.y2 + e * c.y);
      }
    } else {
      lineTo(startX, startY);
    }
  }
  lineTo(startX, startY);
  return segments;
}

/**
 * Fills line segments by the non-zero winding rule (overlapping contours are common in fonts cut
 * from variable ones). Coverage is exact along x and sampled by 16 sub-scanlines along y.
 * @param segments [x0, y0, x1, y1] in pixels, y down
 * @returns Uint8Array [height * width], 0 = paper, 255 = ink
 * / */
export function fill(segments, height, width) {
  const coverage = new Float64Array(height * width);
  crossingsByLine(segments, height * subScanlines).forEach((crossings, line) => {
    const row = Math.floor(line / subScanlines) * width;
    crossings.sort((p, q) => p[0] - q[0] || p[1] - q[1]);
    let winding = 0;
    for (let i = 0; i + 1 < crossings.length; i++) {
      winding += crossings[i][1];
      if (winding !== 0) addSpan(coverage, row, width, crossings[i][0], crossings[i + 1][0]);
    }
  });
  return Uint8Array.from(coverage, (sum) =>
    Math.round((255 * Math.min(sum, subScanlines)) / subScanlines),
  );
}

/** For each sub-scanline, where segments cross it: [x, 1 downwards or -1 upwards]. */
function crossingsByLine(segments, lines) {
  const result = Array.from({ length: lines }, () => []);
  const firstBelow = (y) => Math.max(0, Math.min(lines, Math.ceil(y * subScanlines - 0.5)));
  for (const [x0, y0, x1, y1] of segments) {
    const [from, to] = [firstBelow(Math.min(y0, y1)), firstBelow(Math.max(y0, y1))];
    for (let line = from; line < to; line++) {
      const y = (line + 0.5) / subScanlines;
      result[line].push([x0 + ((y - y0) / (y1 - y0)) * (x1 - x0), y1 > y0 ? 1 : -1]);
    }
  }
  return result;
}

function addSpan(coverage, row, width, from, to) {
  const [left, right] = [Math.max(0, from), Math.min(width, to)];
  for (let x = Math.floor(left); x < right; x++) {
    coverage[row + x] += Math.min(right, x + 1) - Math.max(left, x);
  }
}

// Linear CKA: how alike two representations of the same images are, whatever rotation or scale.

/** Inner products of images, row-major [stride, stride], of which the first `count` rows and
 *  columns count. */
export interface Gram {
  readonly values: ArrayLike<number>;
  readonly stride: number;
  readonly count: number;
}

/** Fewest images of a minibatch of which {@link unbiasedHsic} says something. */
export const fewestImages = 4;

/** HSIC_1 of m images: 1 / (m (m - 3)) [tr(K L) + 1'K1 1'L1 / ((m - 1)(m - 2)) - 2 / (m - 2)
 *  1'KL1], K and L with zeros on their diagonals; an unbiased estimate, so it may be negative. It
 *  is the same whatever is added to all rows of the features.
 *  @param k, l of the same m >= 4 images
 *  @source Song, Smola, Gretton, Bedo & Borgwardt 2012, JMLR 13:1393, equation 5. */
export function unbiasedHsic(k: Gram, l: Gram): number {
  return hsicOf(centred(k), centred(l));
}

// What is added to whole rows changes nothing, and large sums of it would cost digits.
function centred({ values, stride, count }: Gram): Gram {
  const out = new Float64Array(count * count);
  const means = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    let sum = 0;
    for (let j = 0; j < count; j++) sum += values[i * stride + j] as number;
    means[i] = sum / count;
  }
  const all = means.reduce((sum, value) => sum + value, 0) / count;
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < count; j++) {
      const around = (means[i] as number) + (means[j] as number) - all;
      out[i * count + j] = (values[i * stride + j] as number) - around;
    }
  }
  return { values: out, stride: count, count };
}

function hsicOf(k: Gram, l: Gram): number {
  const { count: m } = k;
  let [trace, sumK, sumL, product] = [0, 0, 0, 0];
  for (let i = 0; i < m; i++) {
    let [rowK, rowL] = [0, 0];
    for (let j = 0; j < m; j++) {
      if (i === j) continue;
      const a = k.values[i * k.stride + j] as number;
      const b = l.values[i * l.stride + j] as number;
      trace += a * b;
      rowK += a;
      rowL += b;
    }
    sumK += rowK;
    sumL += rowL;
    // K and L are symmetric: 1'KL1 is the sum over i of (K1)_i (L1)_i.
    product += rowK * rowL;
  }
  const correction = (sumK * sumL) / ((m - 1) * (m - 2));
  return (trace + correction - (2 * product) / (m - 2)) / (m * (m - 3));
}

/** Sums of {@link unbiasedHsic} over minibatches: of both, and of each with itself; and what each
 *  could be if nothing but rounding told its images apart. */
export interface AlignmentSums {
  readonly both: number;
  readonly first: number;
  readonly second: number;
  readonly firstRounding: number;
  readonly secondRounding: number;
}

/** Sums before the first minibatch. */
export const noAlignment: AlignmentSums = {
  ...{ both: 0, first: 0, second: 0 },
  ...{ firstRounding: 0, secondRounding: 0 },
};

/** Square of ten times the rounding of float32, as a share of the mean squared inner product. */
const ROUNDING = (10 * 2 ** -24) ** 2;

function rounding({ values, stride, count }: Gram): number {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < count; j++) sum += (values[i * stride + j] as number) ** 2;
  }
  return (ROUNDING * sum) / count ** 2;
}

/** The sums with one more minibatch of images. @param k, l of the same m >= 4 images */
export function addMinibatch(sums: AlignmentSums, k: Gram, l: Gram): AlignmentSums {
  return {
    both: sums.both + unbiasedHsic(k, l),
    first: sums.first + unbiasedHsic(k, k),
    second: sums.second + unbiasedHsic(l, l),
    firstRounding: sums.firstRounding + rounding(k),
    secondRounding: sums.secondRounding + rounding(l),
  };
}

/** CKA = HSIC(K, L) / sqrt(HSIC(K, K) HSIC(L, L)), each the mean over minibatches, so that memory
 *  does not grow with the images: 1 for equal representations, about 0 for unrelated ones. Null
 *  where one of them does not vary.
 *  @source Kornblith et al. 2019, ICML; minibatches: Nguyen, Raghu & Kornblith 2021, ICLR, equation
 *  4. */
export function alignment(sums: AlignmentSums): number | null {
  const { both, first, second, firstRounding, secondRounding } = sums;
  if (!(first > firstRounding && second > secondRounding)) return null;
  return both / Math.sqrt(first * second);
}

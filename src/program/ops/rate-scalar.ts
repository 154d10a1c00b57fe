// Which of a run's scalars an update takes its learning rate from.

/** Name of the scalar: networks of several rates in one program read one each. */
export function rateScalar({ rate = 'learningRate' }: { readonly rate?: string }): string {
  return rate;
}

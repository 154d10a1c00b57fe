// The part of jstat 1.9.6 used here (the package has no types).
declare module 'jstat' {
  const jStat: {
    /** Student's t distribution: inv(p, degreesOfFreedom) is the quantile, cdf its inverse. */
    readonly studentt: {
      inv(p: number, degreesOfFreedom: number): number;
      cdf(t: number, degreesOfFreedom: number): number;
    };
    /** Beta distribution: inv(p, alpha, beta) is the quantile, cdf its inverse. */
    readonly beta: {
      inv(p: number, alpha: number, beta: number): number;
      cdf(x: number, alpha: number, beta: number): number;
    };
    /** Normal distribution: inv(p, mean, deviation) is the quantile, cdf its inverse. */
    readonly normal: {
      inv(p: number, mean: number, deviation: number): number;
      cdf(x: number, mean: number, deviation: number): number;
    };
  };
  export default jStat;
}

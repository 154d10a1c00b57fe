// Types of build.mjs, for the tests' global set-up.

/** Whether dist/ is older than the sources. */
export function isStale(): boolean;

/** Compiles src to dist/. True if there was no type error. */
export function build(): boolean;

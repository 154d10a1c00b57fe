// Types of build-page.mjs, for the tests of the page.

/** Whether dist/page/ is older than what it was made of. */
export function isPageStale(): boolean;

/** Builds the page. False if it cannot. */
export function buildPage(): Promise<boolean>;

// Draws a Vega-Lite specification into an element. Vega's expressions are interpreted: the page's
// policy forbids making code of text. A specification brings its data and loads nothing.
import { parse, View, type Loader, Warn, logger } from 'vega';
import { expressionInterpreter } from 'vega-interpreter';
import { compile, type TopLevelSpec } from 'vega-lite';

/** A drawn figure. */
export interface Drawing {
  /** Removes it. */
  readonly destroy: () => void;
}

/** Draws; rejects if the specification is wrong. */
export async function draw(spec: object, element: HTMLElement): Promise<Drawing> {
  const quiet = logger(Warn, 'error', () => undefined);
  // A copy: the compiler may write into what it is given.
  const copy = structuredClone(spec) as TopLevelSpec;
  const compiled = compile(copy, { logger: quiet });
  // A picture by itself: no canvas, no events of its own, text that can be chosen and enlarged.
  const view = new View(parse(compiled.spec, {}, { ast: true }), {
    expr: expressionInterpreter,
    renderer: 'svg',
    loader: closedLoader,
    logger: quiet,
    hover: false,
  });
  await view.initialize(element).runAsync();
  hideNameless(element);
  tellPointers(element);
  return {
    destroy: () => {
      view.finalize();
      element.replaceChildren();
    },
  };
}

// Vega says of every group of marks that it is a symbol, of empty ones too, which have no name: a
// screen reader would stop at nothing.
function hideNameless(element: HTMLElement): void {
  for (const group of element.querySelectorAll('[role="graphics-symbol"]:not([aria-label])')) {
    group.removeAttribute('role');
    group.removeAttribute('aria-roledescription');
  }
}

// What a screen reader hears of a mark, a pointer that rests on it is told.
function tellPointers(element: HTMLElement): void {
  for (const mark of element.querySelectorAll('path[role="graphics-symbol"]')) {
    const title = document.createElementNS('http://www.w3.org/2000/svg', 'title');
    title.textContent = mark.getAttribute('aria-label');
    mark.append(title);
  }
}

const refuse = (): Promise<never> => Promise.reject(new Error('figures load nothing'));

const closedLoader: Loader = { load: refuse, sanitize: refuse, http: refuse, file: refuse };
